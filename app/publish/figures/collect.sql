-- From facts to the effective figures of every energiebeeld, in temporary tables that adding up reads:
--   kring   an energiebeeld on the day of one division, with the area it is of
--   plaats  the gebieden, numbered in the order of their codes
--   lid     which gemeenten a parent has in a kring
--   reeks   everything a figure is but its gebied, numbered in the order of the key
--   basis   the figures: one per reeks and plaats
-- The leveringen under each energiebeeld (laag, actueel) and the figures that the service derives itself (afgeleid) are there already;
-- the figures themselves are in {cijfer}: all facts, or those that a correction touches.

create temp table beeld_gebied on commit drop as
select current_energiebeeld.id as energiebeeld, min(gebied) as gebied, bool_or(levering.demo) as demo,
    bool_or(cardinality(grondslag) > 0) as gelaagd
from facts.current_energiebeeld join facts.levering on levering.id = levering_id
group by current_energiebeeld.id
union all
select distinct energiebeeld, gebied, demo, true from actueel;

-- Two scans of the facts without temporary tables in them, so that PostgreSQL may use more than one core.
create temp table gebruikt on commit drop as
select distinct levering_id, energiebeeld, gebied, indeling
from {cijfer}
where levering_id in (
    select id from facts.levering where status = 'CURRENT' union select unnest(grondslag) from facts.energiebeeld
);
create temp table geleverde_reeks on commit drop as
select distinct levering_id, energiebeeld, indicator, drager, subsector, techniek, richting, jaar, beeld
from {cijfer}
where levering_id in (
    select id from facts.levering where status = 'CURRENT' union select unnest(grondslag) from facts.energiebeeld
);
-- Derived figures lie with the energiebeeld that they are of, under whatever was made upon it.
insert into laag
select distinct laag.energiebeeld, laag.door, laag.laag, afgeleid.levering_id, laag.van from laag join afgeleid on afgeleid.energiebeeld = laag.van;
insert into gebruikt select distinct levering_id, energiebeeld, gebied, indeling from afgeleid;
insert into geleverde_reeks
select distinct levering_id, energiebeeld, indicator, drager, subsector, techniek, richting, jaar, beeld from afgeleid;
analyze gebruikt;
analyze geleverde_reeks;

create temp table kring on commit drop as
select row_number() over (order by energiebeeld collate "C", indeling)::integer as kring, energiebeeld, gebied, demo, gelaagd, indeling
from (
    select distinct laag.energiebeeld, gebruikt.indeling
    from laag join gebruikt on gebruikt.levering_id = laag.levering_id and gebruikt.energiebeeld = laag.van
) as dagen
join beeld_gebied using (energiebeeld);

-- Real figures know real relations only, the demo its own.
create temp table lid_op_dag on commit drop as
with dag as (select distinct demo, indeling from kring),
geldig as (
    select dag.demo, dag.indeling, relatie.kind_code, relatie.ouder_code, relatie.ouder_soort, relatie.ouder_naam,
        relatie.geldig_vanaf = max(relatie.geldig_vanaf) over (
            partition by dag.demo, dag.indeling, relatie.kind_code, relatie.ouder_soort
        ) as laatste
    from dag
    join facts.current_gebied_relatie relatie
        on relatie.geldig_vanaf <= dag.indeling and (relatie.geldig_tot is null or relatie.geldig_tot > dag.indeling)
    join facts.levering on levering.id = relatie.levering_id and levering.demo = dag.demo
)
select demo, indeling, kind_code as gemeente, ouder_code as ouder, min(ouder_soort) as niveau, min(ouder_naam) as naam
from geldig where laatste
group by demo, indeling, kind_code, ouder_code;

create temp table gebied_op_dag on commit drop as
with dag as (select distinct demo, indeling from kring)
select distinct on (dag.demo, dag.indeling, gebied.code) dag.demo, dag.indeling, gebied.code, gebied.soort, gebied.naam
from dag
join facts.current_gebied gebied on gebied.geldig_vanaf <= dag.indeling and (gebied.geldig_tot is null or gebied.geldig_tot > dag.indeling)
join facts.levering on levering.id = gebied.levering_id and levering.demo = dag.demo
order by dag.demo, dag.indeling, gebied.code, gebied.geldig_vanaf desc, gebied.levering_id desc;

create temp table plaats on commit drop as
with code as (
    select gebied as code from gebruikt
    union select regexp_replace(gebied, '-NTI$', '') from gebruikt
    union select gebied from beeld_gebied
    union select gemeente from lid_op_dag
    union select ouder from lid_op_dag
    union select code from gebied_op_dag where soort = 'GEMEENTE'
),
bekend as (
    select code, min(soort) as soort from facts.current_gebied group by code
    union all
    select ouder_code, min(ouder_soort) from facts.current_gebied_relatie
    where ouder_code not in (select code from facts.current_gebied) group by ouder_code
)
select row_number() over (order by code collate "C")::integer as plaats, code,
    case
        when code like '%-NTI' then 'NTI'
        when soort is not null then soort
        when code ~ '^GM' then 'GEMEENTE'
        when code ~ '^PV' then 'PROVINCIE'
        when code ~ '^E[A-Z]' then 'REGIO'
        else 'LAND'
    end as niveau
from code left join bekend using (code);
analyze plaats;

-- An energiebeeld of a land has every parent; one of a regio or provincie has itself and the parents that lie wholly in it.
create temp table lid on commit drop as
with gemeente_op_dag as (
    select demo, indeling, gemeente from lid_op_dag
    union
    select demo, indeling, code from gebied_op_dag where soort = 'GEMEENTE'
),
van_het_beeld as (
    select kring.kring, gemeente_op_dag.gemeente
    from kring
    join plaats on plaats.code = kring.gebied and plaats.niveau = 'LAND'
    join gemeente_op_dag using (demo, indeling)
    union
    select kring.kring, lid_op_dag.gemeente
    from kring join lid_op_dag using (demo, indeling)
    where lid_op_dag.ouder = kring.gebied
),
ouder as (
    select kring.kring, lid_op_dag.ouder
    from kring
    join lid_op_dag using (demo, indeling)
    left join van_het_beeld on van_het_beeld.kring = kring.kring and van_het_beeld.gemeente = lid_op_dag.gemeente
    group by kring.kring, lid_op_dag.ouder
    having count(van_het_beeld.gemeente) = count(*)
),
lid as (
    select kring.kring, lid_op_dag.ouder, lid_op_dag.gemeente
    from ouder join kring using (kring) join lid_op_dag using (demo, indeling, ouder)
    union
    select kring, kring.gebied, gemeente from van_het_beeld join kring using (kring)
)
select lid.kring, ouder.plaats as ouder, gemeente.plaats as gemeente
from lid join plaats ouder on ouder.code = lid.ouder join plaats gemeente on gemeente.code = lid.gemeente;
analyze lid;

create temp table naam on commit drop as
with gebied as (
    select demo, indeling, code, naam from gebied_op_dag
    union all
    select demo, indeling, ouder, min(naam) from lid_op_dag
    where not exists (
        select from gebied_op_dag
        where gebied_op_dag.demo = lid_op_dag.demo and gebied_op_dag.indeling = lid_op_dag.indeling and gebied_op_dag.code = lid_op_dag.ouder
    )
    group by demo, indeling, ouder
),
ooit as (
    select distinct on (code) code, naam from facts.current_gebied order by code, geldig_vanaf desc
),
land as (
    select code, naam from facts.begrip where lijst = 'land'
)
select kring.kring, plaats.plaats,
    coalesce(gebied.naam, ooit.naam, land.naam, grond.code) || case when plaats.niveau = 'NTI' then ' (niet toegedeeld)' else '' end as naam
from kring
cross join plaats
cross join lateral (select regexp_replace(plaats.code, '-NTI$', '') as code) as grond
left join gebied on gebied.demo = kring.demo and gebied.indeling = kring.indeling and gebied.code = grond.code
left join ooit on ooit.code = grond.code
left join land on land.code = grond.code;
analyze naam;

create temp table reeks on commit drop as
with gevonden as (
    select distinct laag.energiebeeld, indicator, drager, subsector, techniek, richting, jaar, beeld
    from laag join geleverde_reeks on geleverde_reeks.levering_id = laag.levering_id and geleverde_reeks.energiebeeld = laag.van
)
select
    row_number() over (
        order by energiebeeld collate "C", gevonden.indicator collate "C", gevonden.drager collate "C", gevonden.subsector collate "C",
            gevonden.techniek collate "C", gevonden.richting collate "C", gevonden.jaar, gevonden.beeld collate "C"
    )::integer as reeks,
    gevonden.*,
    concat_ws(
        '|', gevonden.indicator, gevonden.drager, gevonden.subsector, gevonden.techniek, gevonden.richting, gevonden.jaar, gevonden.beeld
    ) as sleutel,
    begrip.code is not null as bekend,
    coalesce(begrip.kenmerken->>'thema', '') as thema,
    coalesce(begrip.kenmerken->>'eenheid', '') as eenheid,
    coalesce(begrip.kenmerken->>'aggregatie', 'NIET') as aggregatie,
    begrip.kenmerken->>'gewicht' as gewicht,
    nullif(begrip.kenmerken->>'decimalen', '')::integer as decimalen,
    nullif(begrip.kenmerken->>'tolerantie', '')::double precision as tolerantie,
    coalesce(drager.ouder, '') as keten,
    coalesce(subsector.ouder, '') as hoofdsector
from gevonden
left join facts.begrip on begrip.lijst = 'indicator' and begrip.code = gevonden.indicator
left join facts.begrip drager on drager.lijst = 'energiedrager' and drager.code = gevonden.drager
left join facts.begrip subsector on subsector.lijst = 'subsector' and subsector.code = gevonden.subsector;
alter table reeks add column gewicht_reeks integer;
analyze reeks;

-- The weights of a mean: those split along the same dimensions when they are there, otherwise the ones that are not split.
update reeks set gewicht_reeks = gekozen.gewicht_reeks
from (
    select distinct on (gemiddelde.reeks) gemiddelde.reeks, weging.reeks as gewicht_reeks
    from reeks gemiddelde
    join reeks weging
        on weging.energiebeeld = gemiddelde.energiebeeld and weging.indicator = gemiddelde.gewicht
        and weging.jaar = gemiddelde.jaar and weging.beeld = gemiddelde.beeld
        and weging.drager in ('', gemiddelde.drager) and weging.subsector in ('', gemiddelde.subsector)
        and weging.techniek in ('', gemiddelde.techniek) and weging.richting in ('', gemiddelde.richting)
    where gemiddelde.aggregatie = 'GEWOGEN_GEMIDDELDE'
    order by gemiddelde.reeks,
        (weging.drager <> '')::integer + (weging.subsector <> '')::integer + (weging.techniek <> '')::integer
            + (weging.richting <> '')::integer desc,
        weging.reeks
) as gekozen
where gekozen.reeks = reeks.reeks;

-- Without any weight there is nothing to weigh: the figures of each level stand by themselves.
update reeks set aggregatie = 'NIET' where aggregatie = 'GEWOGEN_GEMIDDELDE' and gewicht_reeks is null;

-- Hash joins in this order, whatever the planner guesses: it takes many equal columns for a rare match, and then loops for minutes.
set local enable_nestloop = off;

-- What lies under an energiebeeld, or over the concept of a land, counts only within the area of the energiebeeld it came by.
create temp table bereik on commit drop as
with binnen as (
    select kring, ouder as plaats from lid
    union select kring, gemeente from lid
    union select kring.kring, plaats.plaats from kring join plaats on plaats.code = kring.gebied
)
select kring.kring, kring.energiebeeld, laag.laag, laag.levering_id, laag.van, gebruikt.gebied, gebruikt.indeling, plaats.plaats, plaats.niveau
from laag
join gebruikt on gebruikt.levering_id = laag.levering_id and gebruikt.energiebeeld = laag.van
join kring on kring.energiebeeld = laag.energiebeeld and kring.indeling = gebruikt.indeling
join kring grens on grens.energiebeeld = laag.door and grens.indeling = gebruikt.indeling
join plaats on plaats.code = gebruikt.gebied
join plaats grond on grond.code = regexp_replace(gebruikt.gebied, '-NTI$', '')
left join plaats eigen on eigen.code = grens.gebied
where laag.laag = 0 or eigen.niveau = 'LAND'
    or (grens.kring, grond.plaats) in (select kring, plaats from binnen);
analyze bereik;

create temp table basis on commit drop as
select reeks.reeks, deel.plaats, deel.niveau, deel.kring, deel.laag, deel.levering_id,
    deel.waarde, deel.ondergrens, deel.bovengrens,
    case when reeks.aggregatie = 'SOM' then 1::double precision end as gewicht,
    soort.volgorde as soort_rang, kwaliteit.volgorde as kwaliteit_rang,
    deel.soort, deel.herkomst, deel.kwaliteit, deel.methode, deel.reden_leeg
from (
    select bereik.energiebeeld, bereik.plaats, bereik.niveau, bereik.kring, bereik.laag,
        concat_ws('|', indicator, drager, subsector, techniek, richting, jaar, beeld) as sleutel,
        cijfer.levering_id, waarde, ondergrens, bovengrens, soort, herkomst, kwaliteit, methode, reden_leeg
    from (
        select levering_id, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld, indeling,
            waarde, ondergrens, bovengrens, soort, herkomst, kwaliteit, methode, reden_leeg
        from {cijfer}
        union all
        select levering_id, energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld, indeling,
            waarde, ondergrens, bovengrens, soort, 'AFGELEID', kwaliteit, methode, null
        from afgeleid
    ) as cijfer
    join bereik
        on bereik.levering_id = cijfer.levering_id and bereik.van = cijfer.energiebeeld
        and bereik.gebied = cijfer.gebied and bereik.indeling = cijfer.indeling
    offset 0
) as deel
join reeks on reeks.energiebeeld = deel.energiebeeld and reeks.sleutel = deel.sleutel
left join facts.begrip soort on soort.lijst = 'soort' and soort.code = deel.soort
left join facts.begrip kwaliteit on kwaliteit.lijst = 'kwaliteit' and kwaliteit.code = deel.kwaliteit;
set local enable_nestloop = on;
analyze basis;
