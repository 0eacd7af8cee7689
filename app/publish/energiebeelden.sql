-- Every energiebeeld with its beelden, as the sources describe it; where several do, the first that explains it is believed.
create table {table} as
with beschreven as (
    select distinct on (id) id, gebied, ronde, versie, status, opsteller, gedragen_door, datum_gedragen, gebaseerd_op, toelichting
    from facts.current_energiebeeld
    order by id, toelichting is null, levering_id
),
samen as (
    select id, max(peildatum) as peildatum, array_agg(distinct bron order by bron) as bronnen
    from facts.current_energiebeeld
    group by id
),
geleverd as (
    select energiebeeld as id, count(*) as aantal from facts.current_cijfer group by energiebeeld
),
beeld as (
    select distinct on (energiebeeld, code) energiebeeld, code, naam, soort, familie, omschrijving, rekening_gehouden_met
    from facts.current_beeld
    order by energiebeeld, code, omschrijving is null, levering_id
),
beelden as (
    select energiebeeld as id, jsonb_agg(to_jsonb(beeld) - 'energiebeeld' order by code) as beelden from beeld group by energiebeeld
)
select id, gebied, ronde, versie, status, opsteller, gedragen_door, datum_gedragen, gebaseerd_op, toelichting,
    samen.peildatum, samen.bronnen, coalesce(geleverd.aantal, 0) as geleverd, coalesce(beelden.beelden, '[]') as beelden
from beschreven join samen using (id) left join geleverd using (id) left join beelden using (id)
order by id
