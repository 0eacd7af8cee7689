-- Which leveringen an energiebeeld is made of: its own (laag 0), then those it is based on, also when they are superseded by now. What a
-- levering holds counts within the area of the energiebeeld `door` which it came.
create temp table laag on commit drop as
with recursive laag as (
    select id as energiebeeld, 0 as laag, levering_id, id as van from facts.current_energiebeeld
    union
    select laag.energiebeeld, laag.laag + 1, grond.levering_id, onder.gebaseerd_op
    from laag
    join facts.energiebeeld onder on onder.levering_id = laag.levering_id and onder.id = laag.van
    cross join unnest(onder.grondslag) as grond (levering_id)
    where onder.gebaseerd_op is not null and laag.laag < 9
)
select energiebeeld, energiebeeld as door, min(laag) as laag, levering_id, van from laag group by energiebeeld, levering_id, van;
analyze laag;
