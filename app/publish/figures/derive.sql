-- One derivation: its rows with all that it leaves out, and a number for the set of leveringen behind each.
create temp table ruw on commit drop as
select {afleiding}::text as afleiding, {energiebeeld} as energiebeeld, coalesce(uitkomst.gebied, uitkomst.land || '-NTI') as gebied,
    {indicator} as indicator, {drager} as drager, {subsector} as subsector, {techniek} as techniek, {richting} as richting,
    ({jaar})::smallint as jaar, {beeld} as beeld, ({indeling})::date as indeling,
    -- A millionth is less than anyone measures, and more than what is lost in the last bits.
    round(uitkomst.waarde::numeric, 6)::double precision as waarde,
    round(({ondergrens})::numeric, 6)::double precision as ondergrens,
    round(({bovengrens})::numeric, 6)::double precision as bovengrens, {soort} as soort,
    {kwaliteit} as kwaliteit, {methode} as methode, {dekkend} as dekkend,
    coalesce({leveringen}, '{{}}') as genoemd
from ({select}) as uitkomst
join land on land.land = uitkomst.land
left join achter on achter.afleiding = {afleiding} and achter.land = land.land
where uitkomst.waarde is not null;

-- An energiebeeld that lies over the concept is derived anew only where it delivers what the derivation reads; elsewhere it has the
-- figures of the concept.
delete from ruw
using voor_land
where voor_land.energiebeeld = ruw.energiebeeld and not voor_land.concept and not exists (
    select from eigen_cijfer
    join afleiding_bron on afleiding_bron.afleiding = ruw.afleiding and afleiding_bron.kind = 'cijfer/' || eigen_cijfer.indicator
    where eigen_cijfer.energiebeeld = ruw.energiebeeld and eigen_cijfer.gebied = ruw.gebied
);

-- A derivation that reads derived figures is of the leveringen behind those.
create temp table genoemd on commit drop as
select genoemd, array(
        select distinct coalesce(achter_stel.levering_id, elk.levering_id)
        from unnest(genoemd) as elk (levering_id)
        left join stel on stel.levering_id = elk.levering_id
        left join lateral unnest(stel.leveringen) as achter_stel (levering_id) on true
        order by 1
    ) as leveringen
from (select distinct genoemd from ruw) as verschillend;

-- Below zero, so that no levering has such a number.
insert into stel
select -(row_number() over (order by leveringen) + (select count(*) from stel)), leveringen
from (select leveringen from genoemd except select leveringen from stel) as nieuw;

insert into uitgerekend
select afleiding, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld, indeling, waarde, ondergrens, bovengrens,
    soort, kwaliteit, methode, stel.levering_id, dekkend
from ruw join genoemd using (genoemd) join stel using (leveringen);
drop table ruw, genoemd;
