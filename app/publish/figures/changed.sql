-- Which figures the newer leveringen give otherwise than those that they replace (temporary table opgevolgd: oud, nieuw).
create temp table gewijzigd on commit drop as
with elk as (
    select nieuw, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld,
        indeling, waarde, ondergrens, bovengrens, soort, herkomst, kwaliteit, methode, reden_leeg
    from facts.cijfer join opgevolgd on levering_id in (oud, nieuw)
),
-- A figure that both give is there twice.
enkel as (
    select indicator, drager, subsector, techniek, richting, jaar, beeld from elk
    group by nieuw, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld,
        indeling, waarde, ondergrens, bovengrens, soort, herkomst, kwaliteit, methode, reden_leeg
    having count(*) = 1
)
select distinct indicator, drager, subsector, techniek, richting, jaar, beeld from enkel;
analyze gewijzigd;
