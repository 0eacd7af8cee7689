-- Which leveringen every energiebeeld is made of, in temporary tables that collecting reads:
--   laag          per energiebeeld the leveringen from the top (the lowest number) to the ground; what a levering holds counts
--                 within the area of the energiebeeld `door` which it came
--   beeld_gebied  the area of every energiebeeld, and whether it is layered
--   actueel       per land the concept and the gedragen versions from which the service makes its effective energiebeeld

-- An energiebeeld is made of its own leveringen (laag 0), then of those it is based on, also when they are superseded by now.
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

create temp table beeld_gebied on commit drop as
select current_energiebeeld.id as energiebeeld, min(gebied) as gebied, bool_or(levering.demo) as demo,
    bool_or(cardinality(grondslag) > 0) as gelaagd
from facts.current_energiebeeld join facts.levering on levering.id = levering_id
group by current_energiebeeld.id;

-- The newest concept of each land, and of every gebied in it the version that was gedragen last. Real and demo do not mix.
create temp table actueel on commit drop as
with versie as (
    select distinct on (beeld.id) beeld.id, beeld.gebied, beeld.ronde, beeld.status, beeld.datum_gedragen, levering.demo,
        string_to_array(substring(beeld.versie from '^\d+(?:\.\d+)*'), '.')::bigint[] as nummer
    from facts.current_energiebeeld beeld join facts.levering on levering.id = beeld.levering_id
    order by beeld.id, beeld.levering_id desc
),
concept as (
    select distinct on (versie.demo) versie.*
    from versie join facts.begrip land on land.lijst = 'land' and land.code = versie.gebied
    where versie.status = 'CONCEPT'
    order by versie.demo, versie.ronde desc, versie.nummer desc nulls last, versie.id desc
),
gedragen as (
    select distinct on (demo, gebied) * from versie
    where status = 'GEDRAGEN'
    order by demo, gebied, datum_gedragen desc, nummer desc nulls last, id desc
)
select concept.gebied || '-' || concept.ronde || '-actueel' as energiebeeld, concept.gebied, concept.demo, concept.id as concept,
    gedragen.id as gedragen, row_number() over (partition by concept.demo order by gedragen.datum_gedragen desc, gedragen.id) as rang
from concept join gedragen using (demo);

insert into beeld_gebied select distinct energiebeeld, gebied, demo, true from actueel;

-- Over the newest concept lies what each gedragen version says itself, not the concept that it once was made on; where two overlap,
-- the one that was gedragen last is on top.
insert into laag
with deel as (
    select actueel.energiebeeld, laag.door, actueel.rang, laag.laag, laag.levering_id, laag.van
    from actueel
    join laag on laag.energiebeeld = actueel.gedragen
    join facts.energiebeeld beeld on beeld.levering_id = laag.levering_id and beeld.id = laag.van
    where beeld.status <> 'CONCEPT' or beeld.gebied <> actueel.gebied
    union all
    select actueel.energiebeeld, laag.door, max(rang) + 1, laag.laag, laag.levering_id, laag.van
    from actueel join laag on laag.energiebeeld = actueel.concept
    group by actueel.energiebeeld, laag.door, laag.laag, laag.levering_id, laag.van
)
select energiebeeld, door, dense_rank() over (partition by energiebeeld order by rang, laag), levering_id, van from deel;
