-- From the sums at their places (geheel) to one value per column: the newest year of the present, or every year of every beeld.
create temp table alle as
select distinct on (geheel.moment, kolom.naam)
    geheel.land, geheel.gebied, geheel.delen, geheel.eigen, geheel.energiebeeld, kolom.naam, kolom.per, kolom.indicator, geheel.jaar,
    geheel.beeld, geheel.indeling, geheel.oordeel, geheel.waarde * kolom.factor as waarde
-- Apart, so that PostgreSQL does not begin with every groep beside every kolom.
from (select * from geheel join groep using (groep) offset 0) as geheel
join kolom
    on kolom.indicator = geheel.indicator and kolom.drager = geheel.drager and kolom.subsector = geheel.subsector
    and kolom.techniek = geheel.techniek and kolom.richting = geheel.richting
where geheel.beeld = kolom.beeld or ({beelden} and kolom.beeld = 'HUIDIG')
order by geheel.moment, kolom.naam, geheel.potentie;
create index on alle (gebied, naam);
analyze alle;

-- A whole is known where nothing is left out that is known for the land: solar power of which only provincies tell the yield leaves the
-- production of a gemeente unknown, not smaller.
create temp table heel as
with soort as (
    -- Most gebieden have the same parts: those are taken apart once.
    select energiebeeld, naam, jaar, beeld, land, eigen, delen, count(waarde) as gevuld
    from alle group by energiebeeld, naam, jaar, beeld, land, eigen, delen
),
telling as (
    select energiebeeld, naam, jaar, beeld, coalesce(array_agg(distinct deel) filter (where not land and not eigen and deel is not null), '{{}}') as delen,
        coalesce(array_agg(distinct deel) filter (where land and not eigen and deel is not null), '{{}}') as van_het_land,
        coalesce(bool_or(eigen) filter (where not land), false) as geleverd
    from soort left join lateral unnest(string_to_array(delen, ',')) as deel on true
    group by energiebeeld, naam, jaar, beeld
    having bool_or(gevuld > 0) filter (where not land)
)
select energiebeeld, naam, jaar, beeld, delen, geleverd or delen @> van_het_land as heel,
    -- Nor may it have fewer parts than the year before: then some of it has not come in yet.
    geleverd or cardinality(delen) >= coalesce(lag(cardinality(delen)) over (partition by energiebeeld, naam, beeld order by jaar), 0) as compleet
from telling;

create temp table gekozen as
with jongste as (
    -- One year for all gebieden of an energiebeeld: a map does not compare years. Older than two years it is not the present.
    select energiebeeld, naam, coalesce(max(jaar) filter (where heel and compleet and jaar >= nieuwste - 2), max(jaar)) as jaar
    from (select *, max(jaar) over (partition by energiebeeld, naam) as nieuwste from heel) as jaren
    group by energiebeeld, naam
)
select alle.gebied, alle.naam, alle.per, alle.indicator, alle.jaar, alle.beeld, alle.indeling,
    case when geteld then alle.waarde end as waarde, case when geteld then alle.oordeel else {incomplete} end as oordeel
from (select * from alle where {asked}) as alle
join heel using (energiebeeld, naam, jaar, beeld)
-- Nor does a gebied without one of the parts have less: it is unknown, unless its whole was delivered.
cross join lateral (select alle.eigen or heel.heel and coalesce(string_to_array(alle.delen, ','), '{{}}') @> heel.delen as geteld) as telling
left join jongste using (energiebeeld, naam)
where not alle.land and naam not like '/%' and ({beelden} or alle.jaar = jongste.jaar);

create temp table waarde as
select gekozen.gebied, case when {beelden} then gekozen.jaar end as jaar, case when {beelden} then gekozen.beeld end as beeld,
    gekozen.naam, gekozen.per, gekozen.indeling, gekozen.oordeel,
    case
        when gekozen.per is null or gekozen.per = {area} then gekozen.waarde
        else gekozen.waarde / nullif(noemer.waarde, 0)
    end as waarde
from gekozen
left join lateral (
    select alle.waarde
    from alle
    where alle.gebied = gekozen.gebied and alle.naam = '/' || gekozen.per and alle.beeld in (gekozen.beeld, 'HUIDIG')
    order by alle.beeld = gekozen.beeld desc, alle.jaar > gekozen.jaar, abs(alle.jaar - gekozen.jaar)
    limit 1
) noemer on true;

create temp table afkomst as
with gebruikt as (
    select distinct gebied, indicator, jaar, beeld from gekozen
)
select rij.gebied, case when {beelden} then rij.jaar end as jaar, case when {beelden} then rij.beeld end as beeld,
    string_agg(distinct bron.code, ', ') as bron, string_agg(distinct rij.methode, '; ') as methode,
    string_agg(distinct rij.jaar::text, ', ') as peiljaar
from rij
join gebruikt using (gebied, indicator, jaar, beeld)
cross join lateral unnest(string_to_array(rij.bron, ', ')) as bron (code)
group by 1, 2, 3;
