-- Every gebied in every period in which nothing about it changed: its name, its parents and its gemeenten.
-- Takes the temporary table gebied_land; makes the temporary tables gebied_stand (one row per code and period) and gebied_buur (who touches whom in the newest division).
create temp table gebied_moment as
select vanaf, lead(vanaf) over (order by vanaf) as tot
from (
    select geldig_vanaf as vanaf from facts.current_gebied
    union select geldig_tot from facts.current_gebied where geldig_tot is not null
    union select geldig_vanaf from facts.current_gebied_relatie
    union select geldig_tot from facts.current_gebied_relatie where geldig_tot is not null
) as dagen;

-- When two leveringen say something of the same day, the later division counts, as in the layers.
create temp table gebied_eigen as
select distinct on (moment.vanaf, gebied.code)
    moment.vanaf, moment.tot, gebied.code, gebied.soort, gebied.naam, gebied.geometrie, levering.demo,
    ST_Area(gebied.geometrie) / 10000 as oppervlakte_ha,
    ST_XMin(gebied.geometrie) as west, ST_YMin(gebied.geometrie) as zuid, ST_XMax(gebied.geometrie) as oost, ST_YMax(gebied.geometrie) as noord
from gebied_moment moment
join facts.current_gebied gebied
    on gebied.geldig_vanaf <= moment.vanaf and (gebied.geldig_tot is null or gebied.geldig_tot > moment.vanaf)
join facts.levering on levering.id = gebied.levering_id
order by moment.vanaf, gebied.code, gebied.geldig_vanaf desc, gebied.levering_id desc;

create temp table gebied_lid as
select distinct on (gemeente.vanaf, relatie.kind_code, relatie.ouder_soort)
    gemeente.vanaf, gemeente.tot, relatie.kind_code, relatie.ouder_code, relatie.ouder_soort, relatie.ouder_naam
from gebied_eigen gemeente
join facts.current_gebied_relatie relatie
    on relatie.kind_code = gemeente.code
    and relatie.geldig_vanaf <= gemeente.vanaf and (relatie.geldig_tot is null or relatie.geldig_tot > gemeente.vanaf)
where gemeente.soort = 'GEMEENTE'
order by gemeente.vanaf, relatie.kind_code, relatie.ouder_soort, relatie.geldig_vanaf desc, relatie.levering_id desc;

-- A land that figures are about consists of all gemeenten there are, real or invented, when no levering says so itself.
insert into gebied_lid
select gemeente.vanaf, gemeente.tot, gemeente.code, land.code, 'LAND', land.naam
from gebied_land land join gebied_eigen gemeente on gemeente.demo = land.demo and gemeente.soort = 'GEMEENTE';

create index on gebied_eigen using gist (geometrie);
create temp table gebied_buur as
with nieuwste as (
    select gemeente.code, gemeente.geometrie from gebied_eigen gemeente
    where gemeente.soort = 'GEMEENTE' and gemeente.vanaf = (select max(vanaf) from gebied_eigen where soort = 'GEMEENTE')
)
select een.code, ander.code as buur
from nieuwste een join nieuwste ander on een.code <> ander.code and ST_Intersects(een.geometrie, ander.geometrie);

-- Regions and provinces touch where their gemeenten do.
insert into gebied_buur
with nieuwste as (
    select * from gebied_lid where vanaf = (select max(vanaf) from gebied_lid)
)
select distinct van.ouder_code, naar.ouder_code
from gebied_buur
join nieuwste van on van.kind_code = gebied_buur.code
join nieuwste naar on naar.kind_code = gebied_buur.buur and naar.ouder_soort = van.ouder_soort
where van.ouder_code <> naar.ouder_code;

create temp table gebied_stand as
with ouder as (
    select lid.vanaf, lid.tot, lid.ouder_code as code, lid.ouder_soort as soort, min(lid.ouder_naam) as naam,
        array_agg(lid.kind_code order by lid.kind_code) as kinderen,
        sum(kind.oppervlakte_ha order by kind.code) as oppervlakte_ha,
        min(kind.west) as west, min(kind.zuid) as zuid, max(kind.oost) as oost, max(kind.noord) as noord
    from gebied_lid lid join gebied_eigen kind on kind.vanaf = lid.vanaf and kind.code = lid.kind_code
    group by lid.vanaf, lid.tot, lid.ouder_code, lid.ouder_soort
),
stand as (
    select coalesce(eigen.vanaf, ouder.vanaf) as vanaf, coalesce(eigen.tot, ouder.tot) as tot, code,
        coalesce(eigen.soort, ouder.soort) as niveau, coalesce(eigen.naam, ouder.naam) as naam,
        array(
            select lid.ouder_code from gebied_lid lid where lid.vanaf = eigen.vanaf and lid.kind_code = code order by lid.ouder_code
        ) as ouders,
        coalesce(ouder.kinderen, '{}') as kinderen,
        coalesce(ouder.oppervlakte_ha, eigen.oppervlakte_ha) as oppervlakte_ha,
        coalesce(ouder.west, eigen.west) as west, coalesce(ouder.zuid, eigen.zuid) as zuid,
        coalesce(ouder.oost, eigen.oost) as oost, coalesce(ouder.noord, eigen.noord) as noord
    from gebied_eigen eigen full join ouder using (vanaf, code)
),
gebroken as (
    select *,
        (
            vanaf is not distinct from lag(tot) over reeks
            and (naam, niveau, ouders, kinderen, oppervlakte_ha) is not distinct from
                (lag(naam) over reeks, lag(niveau) over reeks, lag(ouders) over reeks, lag(kinderen) over reeks, lag(oppervlakte_ha) over reeks)
        )::integer as vervolg
    from stand
    window reeks as (partition by code order by vanaf)
),
genummerd as (
    select *, sum(1 - vervolg) over (partition by code order by vanaf) as periode from gebroken
)
select code, niveau, min(naam) as naam, min(vanaf) as geldig_vanaf,
    case when bool_or(tot is null) then null else max(tot) end as geldig_tot,
    ouders, kinderen, min(oppervlakte_ha) as oppervlakte_ha,
    min(west) as west, min(zuid) as zuid, max(oost) as oost, max(noord) as noord
from genummerd
group by code, niveau, periode, ouders, kinderen;

-- What belongs to a parent but to none of its gemeenten; it has no place on the map.
insert into gebied_stand (code, niveau, naam, geldig_vanaf, geldig_tot, ouders, kinderen)
select code || '-NTI', 'NTI', naam || ' (niet toegedeeld)', geldig_vanaf, geldig_tot, array[code], '{}'
from gebied_stand where kinderen <> '{}';
