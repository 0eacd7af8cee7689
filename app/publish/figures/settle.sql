-- After one derivation: fill up what it covers, and let what was delivered stand.

-- Where its objects are of the whole land, a gemeente without any has none.
insert into uitgerekend
select reeks.afleiding, reeks.energiebeeld, gemeente.code, reeks.indicator, reeks.drager, reeks.subsector, reeks.techniek, reeks.richting,
    reeks.jaar, reeks.beeld, land.indeling, 0, null, null, reeks.soort, {kwaliteit}, {methode},
    coalesce(stel.levering_id, reeks.levering_id), true
from (
    select afleiding, energiebeeld, indicator, drager, subsector, techniek, richting, jaar, beeld, min(soort) as soort,
        min(levering_id) as levering_id
    from uitgerekend
    where afleiding = {afleiding}
    group by afleiding, energiebeeld, indicator, drager, subsector, techniek, richting, jaar, beeld
    having bool_and(dekkend)
) as reeks
join land using (energiebeeld)
left join achter on achter.afleiding = reeks.afleiding and achter.land = land.land
left join stel on stel.leveringen = achter.leveringen
join gemeente on gemeente.land = land.land
where not exists (
    select from uitgerekend anders
    where anders.energiebeeld = reeks.energiebeeld and anders.gebied = gemeente.code and anders.indicator = reeks.indicator
        and anders.drager = reeks.drager and anders.subsector = reeks.subsector and anders.techniek = reeks.techniek
        and anders.richting = reeks.richting and anders.jaar = reeks.jaar and anders.beeld = reeks.beeld
);

-- Who delivers a figure knows better than a derivation.
delete from uitgerekend
using geleverd
where uitgerekend.afleiding = {afleiding} and geleverd.energiebeeld = uitgerekend.energiebeeld and geleverd.gebied = uitgerekend.gebied
    and geleverd.indicator = uitgerekend.indicator and geleverd.drager = uitgerekend.drager
    and geleverd.subsector = uitgerekend.subsector and geleverd.techniek = uitgerekend.techniek
    and geleverd.richting = uitgerekend.richting and geleverd.jaar = uitgerekend.jaar and geleverd.beeld = uitgerekend.beeld;

-- Figures that were delivered in an older division do not mix with those of the newest: then none is derived.
delete from uitgerekend
using land, oude_indeling
where uitgerekend.afleiding = {afleiding} and land.energiebeeld = uitgerekend.energiebeeld and land.indeling = uitgerekend.indeling
    and oude_indeling.energiebeeld = uitgerekend.energiebeeld and oude_indeling.indicator = uitgerekend.indicator
    and oude_indeling.drager = uitgerekend.drager and oude_indeling.subsector = uitgerekend.subsector
    and oude_indeling.techniek = uitgerekend.techniek and oude_indeling.richting = uitgerekend.richting
    and oude_indeling.jaar = uitgerekend.jaar and oude_indeling.beeld = uitgerekend.beeld;

-- Later derivations may build on it.
insert into cijfer
select voor_land.land, uitgerekend.energiebeeld, true, uitgerekend.gebied, afleidbaar.niveau, uitgerekend.indicator, uitgerekend.drager,
    uitgerekend.subsector, uitgerekend.techniek, uitgerekend.richting, uitgerekend.jaar, uitgerekend.beeld, uitgerekend.indeling,
    uitgerekend.waarde, uitgerekend.soort, uitgerekend.levering_id
from uitgerekend
join voor_land using (energiebeeld)
left join afleidbaar on afleidbaar.land = voor_land.land and afleidbaar.gebied = uitgerekend.gebied
where uitgerekend.afleiding = {afleiding}
    and uitgerekend.indicator in (select split_part(kind, '/', 2) from afleiding_bron where kind like 'cijfer/%');
