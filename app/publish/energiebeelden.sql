-- Every energiebeeld with its beelden, as the sources describe it; where several do, the first that explains it is believed. The one that
-- the service makes of a land (temporary table actueel) has the beelden and bronnen of what it is made from.
create table {table} as
with beschreven as (
    (
        select distinct on (id) id, gebied, ronde, versie, status, opsteller, gedragen_door, datum_gedragen, gebaseerd_op, toelichting
        from facts.current_energiebeeld
        order by id, toelichting is null, levering_id
    )
    union all
    select energiebeeld, gebied, ronde, 'actueel', 'AANGEVULD', 'Energiebeeld kaartservice', array[]::text[], null, min(concept),
        'Het nieuwste concept, met daaroverheen wat gebieden dragen: ' || string_agg(gedragen, ', ' order by rang)
    from actueel group by energiebeeld, gebied, ronde
),
deel as (
    select distinct id, id as van from facts.current_energiebeeld
    union select energiebeeld, concept from actueel
    union select energiebeeld, gedragen from actueel
),
samen as (
    select deel.id, max(peildatum) as peildatum, array_agg(distinct bron order by bron) as bronnen
    from deel join facts.current_energiebeeld onder on onder.id = deel.van
    group by deel.id
),
geleverd as (
    select energiebeeld as id, count(*) as aantal from facts.current_cijfer group by energiebeeld
),
beeld as (
    select distinct on (deel.id, code) deel.id, code, naam, soort, familie, omschrijving, rekening_gehouden_met
    from deel join facts.current_beeld on energiebeeld = deel.van
    order by deel.id, code, omschrijving is null, levering_id
),
beelden as (
    select id, jsonb_agg(to_jsonb(beeld) - 'id' order by code) as beelden from beeld group by id
)
select id, gebied, ronde, versie, status, opsteller, gedragen_door, datum_gedragen, gebaseerd_op, toelichting,
    samen.peildatum, samen.bronnen, coalesce(geleverd.aantal, 0) as geleverd, coalesce(beelden.beelden, '[]') as beelden
from beschreven join samen using (id) left join geleverd using (id) left join beelden using (id)
order by id
