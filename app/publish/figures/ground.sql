-- What the derivations of seed/afleidingen may read, as temporary tables. Python has filled before this:
--   afleiding_bron (afleiding, kind)   what each derivation reads: object/{collection}, cijfer/{indicator}, gebied, kengetal
--   afleiding_indicator (afleiding, indicator)   and what it makes
--   kengetal                           the key figures, per unit of their indicator
-- Real objects belong to the real land and those of the demo to its own; the two never meet.

-- land: the newest concept of each land, on the day of the newest division of its gemeenten
create temp table land on commit drop as
with concept as (
    select energiebeeld.id, energiebeeld.gebied, bool_or(levering.demo) as demo, max(energiebeeld.ronde) as ronde,
        max(energiebeeld.versie) as versie
    from facts.current_energiebeeld energiebeeld
    join facts.levering on levering.id = energiebeeld.levering_id
    where energiebeeld.status = 'CONCEPT' and energiebeeld.gebied in (select code from facts.begrip where lijst = 'land')
    group by energiebeeld.id, energiebeeld.gebied
),
peil as (
    select levering.demo, max(gebied.geldig_vanaf) as indeling
    from facts.current_gebied gebied join facts.levering on levering.id = gebied.levering_id
    where gebied.soort = 'GEMEENTE'
    group by levering.demo
)
select distinct on (concept.gebied) concept.gebied as land, concept.id as energiebeeld, demo, peil.indeling
from concept join peil using (demo)
-- 0.10 comes after 0.9.
order by concept.gebied, concept.ronde desc, length(concept.versie) desc, concept.versie desc;

-- voor_land: the energiebeelden that are derived for: the concept of a land, and what lies over it
create temp table voor_land on commit drop as
select distinct land.land, laag.energiebeeld, laag.energiebeeld = land.energiebeeld as concept
from land join laag on laag.van = land.energiebeeld;
analyze land;
analyze voor_land;

-- gemeente: those of the newest division, with their geometry in RD
create temp table gemeente on commit drop as
select distinct on (land.land, gebied.code) land.land, gebied.code, gebied.geometrie
from land
join facts.current_gebied gebied
    on gebied.soort = 'GEMEENTE' and gebied.geldig_vanaf <= land.indeling and (gebied.geldig_tot is null or gebied.geldig_tot > land.indeling)
join facts.levering on levering.id = gebied.levering_id and levering.demo = land.demo
order by land.land, gebied.code, gebied.geldig_vanaf desc, gebied.levering_id desc;
create index on gemeente using gist (geometrie);
analyze gemeente;

-- ouder: which provincie, regio and land a gemeente belongs to; ouder_ooit also of those that are gone, to which they last belonged
create temp table ouder_ooit on commit drop as
select distinct on (land.land, relatie.kind_code, relatie.ouder_soort) land.land, relatie.kind_code as gemeente,
    relatie.ouder_code as ouder, relatie.ouder_soort as niveau
from land
join facts.current_gebied_relatie relatie on relatie.geldig_vanaf <= land.indeling
join facts.levering on levering.id = relatie.levering_id and levering.demo = land.demo
order by land.land, relatie.kind_code, relatie.ouder_soort, relatie.geldig_vanaf desc, relatie.levering_id desc;
insert into ouder_ooit
select land, gemeente, land, 'LAND' from ouder_ooit union select land, code, land, 'LAND' from gemeente;
create temp table ouder on commit drop as
select ouder_ooit.* from ouder_ooit join gemeente on gemeente.land = ouder_ooit.land and gemeente.code = ouder_ooit.gemeente;
create index on ouder_ooit (gemeente);
analyze ouder_ooit;
analyze ouder;

-- object: what sources delivered, with its techniek and netvlak; gebied is the gemeente it stands in, null where there is none; jaar is
-- the year that the newest source of that techniek describes
create temp table object on commit drop as
with gevraagd as (
    select distinct split_part(kind, '/', 2) as collection from afleiding_bron where kind like 'object/%'
),
geleverd as (
    select land.land, object.levering_id, levering.peildatum, object.collection, object.object_id, object.eigenschappen, object.geometrie,
        object.eigenschappen->>'objecttype' as objecttype, object.eigenschappen->>'status' as status,
        coalesce(object.eigenschappen->>'drager', '') as drager, object.eigenschappen->>'drager_in' as drager_in
    from facts.object
    join facts.levering on levering.id = object.levering_id and levering.status = 'CURRENT'
    join land on land.demo = levering.demo
    join gevraagd on gevraagd.collection = object.collection
),
getal as (
    select geleverd.*, kv, vermogen_mw, vermogen_piek_mwp, opslag_mwh, oppervlakte_ha
    from geleverd
    cross join lateral (
        -- A layer of one's own may write words where others have a number.
        select
            max(waarde) filter (where naam = 'spanning_kv') as kv,
            max(waarde) filter (where naam = 'vermogen_mw') as vermogen_mw,
            max(waarde) filter (where naam = 'vermogen_piek_mwp') as vermogen_piek_mwp,
            max(waarde) filter (where naam = 'opslag_mwh') as opslag_mwh,
            max(waarde) filter (where naam = 'oppervlakte_ha') as oppervlakte_ha
        from (
            select naam, (eigenschappen->>naam)::double precision as waarde
            from unnest(array['spanning_kv', 'vermogen_mw', 'vermogen_piek_mwp', 'opslag_mwh', 'oppervlakte_ha']) as naam
            where jsonb_typeof(eigenschappen->naam) = 'number'
        ) as genoemd
    ) as getallen
)
select row_number() over (order by getal.land, getal.collection, getal.levering_id, getal.object_id)::integer as nummer, getal.*,
    netvlak.techniek as netvlak,
    case when techniek.kenmerken->>'groep' = 'NET' then netvlak.techniek else techniek.code end as techniek,
    techniek.kenmerken->>'groep' as groep, plek.gebied
from getal
left join facts.begrip nader on nader.lijst = 'objecttype' and nader.code = getal.objecttype || ':' || getal.drager_in
left join facts.begrip soort on soort.lijst = 'objecttype' and soort.code = getal.objecttype
left join facts.begrip techniek on techniek.lijst = 'techniek' and techniek.code = coalesce(nader.ouder, soort.ouder)
left join lateral (
    select begrip.kenmerken->>'techniek' as techniek
    from facts.begrip
    where begrip.lijst = 'netvlak' and (begrip.kenmerken->>'vanaf_kv')::double precision <= getal.kv
    order by (begrip.kenmerken->>'vanaf_kv')::double precision desc
    limit 1
) as netvlak on true
left join lateral (
    select min(gemeente.code) as gebied
    from gemeente
    where gemeente.land = getal.land and ST_Dimension(getal.geometrie) <> 1
        and ST_Intersects(gemeente.geometrie, ST_PointOnSurface(getal.geometrie))
) as plek on true;
create index on object using gist (geometrie);
alter table object add column jaar smallint;
update object set jaar = nieuwste.jaar
from (
    select land, collection, coalesce(techniek, netvlak, '') as wat, extract(year from max(peildatum))::smallint as jaar
    from object group by land, collection, coalesce(techniek, netvlak, '')
) as nieuwste
where nieuwste.land = object.land and nieuwste.collection = object.collection
    and nieuwste.wat = coalesce(object.techniek, object.netvlak, '');
analyze object;

-- deel: of each line (metres) and polygon (square metres) the part in each gemeente, and what lies in none (gebied null); together they
-- are the whole. A line along a border lies in both gemeenten: each gets its share.
create temp table deel on commit drop as
-- Materialised, so that each piece is cut once.
with snede as materialized (
    select object.nummer, gemeente.code as gebied, ST_Dimension(object.geometrie) as dimensie, object.geometrie as heel,
        -- Most lie in one gemeente: that is sooner seen than cut.
        case when ST_Covers(gemeente.geometrie, object.geometrie) then object.geometrie
            else ST_CollectionExtract(ST_Intersection(object.geometrie, gemeente.geometrie), ST_Dimension(object.geometrie) + 1)
        end as geometrie
    from object
    join gemeente on gemeente.land = object.land and ST_Intersects(gemeente.geometrie, object.geometrie)
    where ST_Dimension(object.geometrie) in (1, 2)
),
binnen as (
    select nummer, gebied, geometrie, case dimensie when 1 then ST_Length(geometrie) else ST_Area(geometrie) end as maat,
        case dimensie when 1 then ST_Length(heel) else ST_Area(heel) end as geheel
    from snede
),
passend as (
    select nummer, gebied, geometrie, maat * least(1, geheel / nullif(sum(maat) over (partition by nummer), 0)) as maat
    from binnen
),
buiten as (
    select object.nummer,
        case when som.maat is null then object.geometrie
            else ST_Difference(object.geometrie, (
                select ST_Union(gemeente.geometrie) from gemeente
                where gemeente.land = object.land and ST_Intersects(gemeente.geometrie, object.geometrie)
            ))
        end as geometrie,
        case ST_Dimension(object.geometrie) when 1 then ST_Length(object.geometrie) else ST_Area(object.geometrie) end
            - coalesce(som.maat, 0) as maat
    from object
    left join (select nummer, sum(maat) as maat from passend group by nummer) as som using (nummer)
    where ST_Dimension(object.geometrie) in (1, 2)
)
select nummer, gebied, geometrie, maat from passend where maat > 0
union all
-- A centimetre (or a square one) is what is lost in cutting.
select nummer, null, geometrie, maat from buiten where maat > 0.01;
analyze deel;

-- afleidbaar: every gebied a figure may be of, its niveau and provincie, and how many gemeenten it has in the newest division
create temp table afleidbaar on commit drop as
select ouder_ooit.land, ouder_ooit.ouder as gebied, min(ouder_ooit.niveau) as niveau,
    case min(ouder_ooit.niveau) when 'PROVINCIE' then ouder_ooit.ouder end as provincie, count(gemeente.code)::integer as gemeenten
from ouder_ooit
left join gemeente on gemeente.land = ouder_ooit.land and gemeente.code = ouder_ooit.gemeente
group by ouder_ooit.land, ouder_ooit.ouder;
insert into afleidbaar
select land, gebied || '-NTI', 'NTI', provincie, 0 from afleidbaar
union all
select land, gemeente, 'GEMEENTE', max(ouder) filter (where niveau = 'PROVINCIE'), 1 from ouder_ooit group by land, gemeente;
analyze afleidbaar;

-- cijfer: the delivered figures of the indicators that are asked for, as they stand in each energiebeeld: the nearest layer of each.
-- eigen tells that the energiebeeld delivered it itself.
create temp table cijfer on commit drop as
with gevraagd as (
    select distinct split_part(kind, '/', 2) as indicator from afleiding_bron where kind like 'cijfer/%'
)
select distinct on (laag.energiebeeld, sleutel.gebied, sleutel.indicator, drager, subsector, techniek, richting, jaar, beeld)
    voor_land.land, laag.energiebeeld, laag.laag = 0 as eigen, sleutel.gebied, afleidbaar.niveau, sleutel.indicator, drager, subsector,
    techniek, richting, jaar, beeld, indeling, waarde, soort, sleutel.levering_id
from voor_land
join laag on laag.energiebeeld = voor_land.energiebeeld
join facts.cijfer sleutel on sleutel.levering_id = laag.levering_id and sleutel.energiebeeld = laag.van
join gevraagd on gevraagd.indicator = sleutel.indicator
left join afleidbaar on afleidbaar.land = voor_land.land and afleidbaar.gebied = sleutel.gebied
order by laag.energiebeeld, sleutel.gebied, sleutel.indicator, drager, subsector, techniek, richting, jaar, beeld, laag.laag;

-- geldig_kengetal: per gebied the key figure of its own provincie, or else the national one
create temp table geldig_kengetal on commit drop as
select distinct on (afleidbaar.land, afleidbaar.gebied, kengetal.techniek, kengetal.ruimtebeslagsoort)
    afleidbaar.land, afleidbaar.gebied, kengetal.*
from afleidbaar
join kengetal on kengetal.geldig_gebied = '' or kengetal.geldig_gebied = afleidbaar.provincie
order by afleidbaar.land, afleidbaar.gebied, kengetal.techniek, kengetal.ruimtebeslagsoort, kengetal.geldig_gebied desc;
-- Few columns tell how rare a match is: without these PostgreSQL loops over everything.
create index on cijfer (indicator, gebied);
create index on geldig_kengetal (gebied, techniek);
analyze cijfer;
analyze geldig_kengetal;

-- eigen_cijfer: what versions over a concept delivered themselves
create temp table eigen_cijfer on commit drop as
select distinct cijfer.energiebeeld, cijfer.gebied, cijfer.indicator
from cijfer join voor_land using (energiebeeld)
where cijfer.eigen and not voor_land.concept;

-- geleverd: the keys that were delivered for the indicators that are derived
create temp table geleverd on commit drop as
select distinct laag.energiebeeld, cijfer.gebied, cijfer.indicator, cijfer.drager, cijfer.subsector, cijfer.techniek, cijfer.richting,
    cijfer.jaar, cijfer.beeld
from voor_land
join laag using (energiebeeld)
join facts.cijfer on cijfer.levering_id = laag.levering_id and cijfer.energiebeeld = laag.van
where cijfer.indicator in (select indicator from afleiding_indicator);
analyze geleverd;

-- oude_indeling: what was delivered of gemeenten that the newest division no longer has
create temp table oude_indeling on commit drop as
select distinct geleverd.energiebeeld, geleverd.indicator, geleverd.drager, geleverd.subsector, geleverd.techniek, geleverd.richting,
    geleverd.jaar, geleverd.beeld
from geleverd
join voor_land using (energiebeeld)
join afleidbaar on afleidbaar.land = voor_land.land and afleidbaar.gebied = geleverd.gebied and afleidbaar.niveau = 'GEMEENTE'
left join gemeente on gemeente.land = voor_land.land and gemeente.code = geleverd.gebied
where gemeente.code is null;

-- achter: of each derivation and land, the objects that it reads: of which leveringen, and of which year the newest are
create temp table achter on commit drop as
select afleiding_bron.afleiding, object.land, max(object.jaar) as jaar, array_agg(distinct object.levering_id order by object.levering_id) as leveringen
from afleiding_bron
join object on afleiding_bron.kind = 'object/' || object.collection
group by afleiding_bron.afleiding, object.land;

-- What comes of it: the sets of leveringen that derived figures are of, and the figures.
create temp table stel (levering_id bigint, leveringen bigint[]) on commit drop;
create temp table uitgerekend (
    afleiding text, energiebeeld text, gebied text, indicator text, drager text, subsector text, techniek text, richting text,
    jaar smallint, beeld text, indeling date, waarde double precision, ondergrens double precision, bovengrens double precision,
    soort text, kwaliteit text, methode text, levering_id bigint, dekkend boolean
) on commit drop;
