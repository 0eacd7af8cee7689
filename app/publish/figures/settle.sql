-- After one derivation: fill up what it covers, and let what was delivered stand.

-- Where its objects are of the whole land, a gemeente without any has none: so say the same sources.
create temp table dekking on commit drop as
select energiebeeld, indicator, drager, subsector, techniek, richting, jaar, beeld, min(soort) as soort,
    array_agg(distinct enkel order by enkel) as leveringen
from uitgerekend
join stel using (levering_id)
cross join unnest(stel.leveringen) as enkel
where afleiding = {afleiding}
group by energiebeeld, indicator, drager, subsector, techniek, richting, jaar, beeld
having bool_and(dekkend);

insert into stel
select -(row_number() over (order by leveringen) + (select count(*) from stel)), leveringen
from (select leveringen from dekking except select leveringen from stel) as nieuw;

insert into uitgerekend
select {afleiding}, dekking.energiebeeld, gemeente.code, dekking.indicator, dekking.drager, dekking.subsector, dekking.techniek,
    dekking.richting, dekking.jaar, dekking.beeld, land.indeling, 0, null, null, dekking.soort, {kwaliteit}, {methode}, stel.levering_id, true
from dekking
join land using (energiebeeld)
join stel using (leveringen)
join gemeente on gemeente.land = land.land
where not exists (
    select from uitgerekend anders
    where anders.energiebeeld = dekking.energiebeeld and anders.gebied = gemeente.code and anders.indicator = dekking.indicator
        and anders.drager = dekking.drager and anders.subsector = dekking.subsector and anders.techniek = dekking.techniek
        and anders.richting = dekking.richting and anders.jaar = dekking.jaar and anders.beeld = dekking.beeld
);
drop table dekking;

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
