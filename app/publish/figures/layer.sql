-- One figure per reeks and plaats: the one nearest to the energiebeeld itself. A withdrawal hides what lies under it, and itself.
delete from basis
using (
    select reeks, plaats, min(laag) as laag
    from basis
    where kring in (select kring from kring where gelaagd)
    group by reeks, plaats
) as bovenste
where bovenste.reeks = basis.reeks and bovenste.plaats = basis.plaats and basis.laag > bovenste.laag;
delete from basis
using kring
where kring.kring = basis.kring and kring.gelaagd and basis.reden_leeg is not null and basis.herkomst = 'CORRECTIE_GEBIED';

update basis set gewicht = weging.waarde
from reeks, basis weging
where reeks.reeks = basis.reeks and weging.reeks = reeks.gewicht_reeks and weging.plaats = basis.plaats;

-- The division in which a reeks is added up: the last one that its gemeenten are delivered in.
alter table reeks
    add column kring integer, add column verdeeld boolean, add column soort_rang integer, add column kwaliteit_rang integer,
    add column levering_id bigint, add column leveringen integer;
update reeks
set kring = deel.kring, verdeeld = deel.verdeeld, soort_rang = deel.soort_rang, kwaliteit_rang = deel.kwaliteit_rang,
    levering_id = deel.levering_id, leveringen = deel.leveringen
from (
    select reeks, coalesce(max(kring) filter (where niveau = 'GEMEENTE'), max(kring)) as kring, bool_or(niveau = 'GEMEENTE') as verdeeld,
        max(soort_rang) as soort_rang, max(kwaliteit_rang) as kwaliteit_rang,
        min(levering_id) as levering_id, (min(levering_id) <> max(levering_id))::integer + 1 as leveringen
    from basis group by reeks
) as deel
where deel.reeks = reeks.reeks;
analyze basis;
analyze reeks;
