-- From the published figures of one scale to those that the columns need. Takes the temporary table kolom (one row per column, and one
-- per indicator that columns are divided by); makes:
--   keuze   which energiebeeld speaks of a gebied
--   bereik  the gebieden that have a place on the map, with or without figures
--   stam    per list and code the places it counts at (itself, its group, '' for all), and the codes of which it is a part
--   rij     the figures, each with the verdict of the sum it is in; and those of the land, which tell what there is to know
--   groep   what figures that may be added up have in common; and moment what of them comes in one row
create temp table keuze as
with energiebeeld as (
    select id as energiebeeld, gebied, status, peildatum, gebaseerd_op from {energiebeelden}
),
niveau as (
    select distinct on (code) code, niveau from {gebieden} order by code, geldig_vanaf desc
),
gevonden as (
    select distinct gebied, energiebeeld from {figures} where niveau = {niveau}
)
-- The widest energiebeeld counts, so that a layer adds up; a regio or gemeente with nothing above it speaks for itself.
select distinct on (gevonden.gebied) gevonden.gebied, energiebeeld, energiebeeld.gebied as van, energiebeeld.status,
    case when energiebeeld.status = 'AANGEVULD' then energiebeeld.gebaseerd_op end as concept
from gevonden
join energiebeeld using (energiebeeld)
left join niveau on niveau.code = energiebeeld.gebied
order by gevonden.gebied, array_position(array['LAND', 'PROVINCIE', 'REGIO', 'GEMEENTE'], niveau.niveau),
    energiebeeld.status = 'AANGEVULD' desc, energiebeeld.peildatum desc, energiebeeld desc;

create temp table bereik as
with nieuwste as (
    select * from {gebieden} where geldig_tot is null
),
lid as (
    select distinct unnest(kinderen) as code from nieuwste where code in (select van from keuze)
)
select gebied as code from keuze
union
select code from lid where {niveau} = 'GEMEENTE'
union
select code from nieuwste where niveau = {niveau} and kinderen && (select array_agg(code) from lid);

create temp table stam as
with recursive omhoog as (
    select lijst, code, code as hoger, ouder from facts.begrip where lijst in ('energiedrager', 'subsector', 'techniek')
    union all
    select omhoog.lijst, omhoog.code, boven.code, boven.ouder
    from omhoog join facts.begrip boven on boven.lijst = 'techniek' and omhoog.lijst = 'techniek' and boven.code = omhoog.ouder
),
plek as (
    select lijst, code, hoger as plek from omhoog
    union select lijst, code, 'keten/' || ouder from omhoog where lijst = 'energiedrager'
    union select lijst, code, 'sector/' || ouder from omhoog where lijst = 'subsector'
    union select lijst, code, '' from omhoog
    union select lijst, '', '' from unnest(array['energiedrager', 'subsector', 'techniek']) as lijst
)
select lijst, code, plek,
    array(select hoger from omhoog where omhoog.lijst = plek.lijst and omhoog.code = plek.code and hoger <> plek.code)
        || case when code = '' then array[]::text[] else array[''] end as boven
from plek where plek is not null;

create temp table rij as
with oordeel as (
    select plaats, code from unnest({verdicts}::text[]) with ordinality as rang (code, plaats)
),
land as (
    select * from {figures}
    where niveau = 'LAND' and energiebeeld in (select energiebeeld from keuze)
        -- What columns are divided by counts whatever its year.
        and ({asked} or indicator in (select indicator from kolom where naam like '/%'))
),
-- What the concept under an energiebeeld knows; a gebied may have added more.
concept as (
    select distinct onder.energiebeeld, indicator, drager, subsector, techniek, richting, jaar, beeld
    from (select distinct energiebeeld, concept from keuze where concept is not null) onder
    join {figures} figures on figures.energiebeeld = onder.concept
),
cijfer as (
    select figures.*, false as land
    from {figures} figures
    join keuze on keuze.gebied = figures.gebied and keuze.energiebeeld = figures.energiebeeld
    where figures.niveau = {niveau} and figures.indicator in (select indicator from kolom)
        and ({asked} or figures.indicator in (select indicator from kolom where naam like '/%'))
    union all
    select *, true from land
)
select cijfer.land, cijfer.gebied, cijfer.energiebeeld, cijfer.indicator,
    -- The total of all dragers is what was not split along them.
    case cijfer.drager when 'TOTAAL' then '' else cijfer.drager end as drager,
    cijfer.subsector, cijfer.techniek, cijfer.richting, cijfer.jaar, cijfer.beeld, cijfer.indeling,
    cijfer.soort = 'POTENTIE' as potentie, cijfer.waarde, cijfer.bron, cijfer.methode, oordeel.plaats as oordeel,
    cijfer.waarde is not null as eigen,
    -- An addition that is not known everywhere leaves a sum as the concept knew it.
    case when cijfer.waarde is not null and not toegevoegd then concat_ws('/', cijfer.drager, cijfer.subsector, cijfer.techniek) end as delen,
    cijfer.waarde is null and toegevoegd as los,
    dense_rank() over (
        order by cijfer.land, cijfer.gebied, cijfer.energiebeeld, cijfer.indicator, cijfer.richting, cijfer.jaar, cijfer.beeld,
            cijfer.soort = 'POTENTIE'
    )::integer as groep
from cijfer
left join land
    on {niveau} = 'GEMEENTE' and land.energiebeeld = cijfer.energiebeeld and land.indicator = cijfer.indicator and land.drager = cijfer.drager
    and land.subsector = cijfer.subsector and land.techniek = cijfer.techniek and land.richting = cijfer.richting
    and land.jaar = cijfer.jaar and land.beeld = cijfer.beeld
left join concept
    on concept.energiebeeld = cijfer.energiebeeld and concept.indicator = cijfer.indicator and concept.drager = cijfer.drager
    and concept.subsector = cijfer.subsector and concept.techniek = cijfer.techniek and concept.richting = cijfer.richting
    and concept.jaar = cijfer.jaar and concept.beeld = cijfer.beeld
cross join lateral (
    select concept.energiebeeld is null and cijfer.energiebeeld in (select energiebeeld from keuze where concept is not null) as toegevoegd
) as toevoeging
left join oordeel on oordeel.code = coalesce(cijfer.oordeel, land.oordeel)
where cijfer.indicator in (select indicator from kolom)
    and ({beelden} or cijfer.beeld in (select beeld from kolom));
analyze rij;

create temp table groep as
select groepen.*, dense_rank() over (order by land, gebied, jaar, beeld)::integer as moment
from (select distinct groep, land, gebied, energiebeeld, richting, jaar, beeld, potentie from rij) as groepen;
analyze groep;
