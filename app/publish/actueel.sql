-- The effective energiebeeld of each land, which the service makes: its newest concept, and of every gebied in it the version that was
-- gedragen last. Real and demo do not mix; without a gedragen version there is none.
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
select concept.gebied || '-' || concept.ronde || '-actueel' as energiebeeld, concept.gebied, concept.ronde, concept.demo,
    concept.id as concept, gedragen.id as gedragen,
    row_number() over (partition by concept.demo order by gedragen.datum_gedragen desc, gedragen.id) as rang
from concept join gedragen using (demo);
