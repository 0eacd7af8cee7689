-- What lies under an energiebeeld, figure by figure: of the leveringen it is based on (the nearest first) and of the other sources that
-- deliver to it, the uppermost figure of each key.
with recursive laag as (
    select unnest(%(grondslag)s::bigint[]) as levering_id, %(gebaseerd_op)s::text as van, 1 as laag
    union
    select grond.levering_id, onder.gebaseerd_op, laag.laag + 1
    from laag
    join facts.energiebeeld onder on onder.levering_id = laag.levering_id and onder.id = laag.van
    cross join unnest(onder.grondslag) as grond (levering_id)
    where onder.gebaseerd_op is not null and laag.laag < 9
),
alle as (
    select * from laag
    union all
    select levering_id, id, 0 from facts.current_energiebeeld where id = %(energiebeeld)s and bron <> %(bron)s
)
select distinct on (gebied, indicator, drager, subsector, techniek, richting, jaar, beeld)
    gebied, indicator, drager, subsector, techniek, richting, jaar::integer, beeld, waarde
from facts.cijfer
join alle on alle.levering_id = cijfer.levering_id and alle.van = cijfer.energiebeeld
where indicator = any(%(indicatoren)s) and jaar = any(%(jaren)s)
order by gebied, indicator, drager, subsector, techniek, richting, jaar, beeld, alle.laag
