-- Which figures the newer leveringen give otherwise than those that they replace (temporary table opgevolgd: oud, nieuw).
create temp table gewijzigd on commit drop as
with oud as (
    select nieuw, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld, indeling, waarde, ondergrens, bovengrens,
        soort, herkomst, kwaliteit, methode, reden_leeg
    from facts.cijfer join opgevolgd on opgevolgd.oud = levering_id
),
nieuw as (
    select nieuw, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld, indeling, waarde, ondergrens, bovengrens,
        soort, herkomst, kwaliteit, methode, reden_leeg
    from facts.cijfer join opgevolgd on opgevolgd.nieuw = levering_id
),
anders as (
    (select * from oud except select * from nieuw) union all (select * from nieuw except select * from oud)
)
select distinct indicator, drager, subsector, techniek, richting, jaar, beeld from anders;
analyze gewijzigd;
