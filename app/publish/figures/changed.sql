-- Which figures the newer leveringen give otherwise than those that they replace (temporary table opgevolgd: oud, nieuw).
create temp table gewijzigd on commit drop as
with oud as (
    select nieuw, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld,
        row(indeling, waarde, ondergrens, bovengrens, soort, herkomst, kwaliteit, methode, reden_leeg) as inhoud
    from facts.cijfer join opgevolgd on opgevolgd.oud = levering_id
),
nieuw as (
    select nieuw, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld,
        row(indeling, waarde, ondergrens, bovengrens, soort, herkomst, kwaliteit, methode, reden_leeg) as inhoud
    from facts.cijfer join opgevolgd on opgevolgd.nieuw = levering_id
)
select distinct indicator, drager, subsector, techniek, richting, jaar, beeld
from oud full join nieuw using (nieuw, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld)
where oud.inhoud is distinct from nieuw.inhoud;
analyze gewijzigd;
