-- What later divisions make of figures that were delivered in an earlier one. Runs last, on the published figures, and makes two small
-- tables beside them:
--   breuken     the days on which a gebied stopped being what it was: it merged, was split, began, ended, or got other gemeenten
--   omgerekend  the figures of gebieden that came from others, each from `indeling` until `geldig_tot` (exclusive)
-- A strip of land that changed hands (GRENSWIJZIGING) moves no figures: inhabitants do not follow hectares.
drop table if exists {omgerekend}, {breuken};

-- Shares may be rounded: what they miss together is divided over them, so that a total stays what it was.
create temp table opvolging on commit drop as
select oud, nieuw, datum, max(aandeel) / sum(max(aandeel)) over (partition by oud, datum) as aandeel
from facts.current_gebied_opvolging
where soort <> 'GRENSWIJZIGING'
group by oud, nieuw, datum;

-- Who belonged to whom right before (not `na`) and on every day on which that may have changed.
create temp table lidmaatschap on commit drop as
with dag as (
    select geldig_vanaf as datum from facts.current_gebied_relatie
    union select geldig_tot from facts.current_gebied_relatie where geldig_tot is not null
    union select datum from opvolging
),
kant as (
    select datum, false as na, datum - 1 as peildag from dag
    union all
    select datum, true, datum from dag
)
select distinct on (kant.datum, kant.na, relatie.kind_code, relatie.ouder_soort)
    kant.datum, kant.na, relatie.kind_code as gemeente, relatie.ouder_code as ouder
from kant
join facts.current_gebied_relatie relatie
    on relatie.geldig_vanaf <= kant.peildag and (relatie.geldig_tot is null or relatie.geldig_tot > kant.peildag)
order by kant.datum, kant.na, relatie.kind_code, relatie.ouder_soort, relatie.geldig_vanaf desc, relatie.levering_id desc;

create table {breuken} (
    gebied text collate "C" not null,
    datum date not null,
    zonder_opvolger boolean not null,
    primary key (gebied, datum)
);

insert into {breuken}
with bestaan as (
    select code, geldig_vanaf, geldig_tot, min(geldig_vanaf) over (partition by demo) as eerste
    from facts.current_gebied join facts.levering on levering.id = levering_id
    where soort = 'GEMEENTE'
),
-- Before the first division nothing is known, so there nothing begins.
grens as (
    select een.code, een.geldig_vanaf as datum, false as eind
    from bestaan een
    where een.geldig_vanaf > een.eerste and not exists (
        select from bestaan ander
        where ander.code = een.code and ander.geldig_vanaf < een.geldig_vanaf
            and (ander.geldig_tot is null or ander.geldig_tot >= een.geldig_vanaf)
    )
    union
    select een.code, een.geldig_tot, true
    from bestaan een
    where een.geldig_tot is not null and not exists (
        select from bestaan ander
        where ander.code = een.code and ander.geldig_vanaf <= een.geldig_tot
            and (ander.geldig_tot is null or ander.geldig_tot > een.geldig_tot)
    )
),
van_gemeente as (
    select oud as gebied, datum, false as zonder_opvolger from opvolging
    union
    select nieuw, datum, false from opvolging
    union
    select code, datum, eind and not exists (select from opvolging where opvolging.oud = grens.code and opvolging.datum = grens.datum)
    from grens
),
-- Each gemeente beside what became of it on that day: itself, unless something succeeded it.
paar as (
    select datum, oud, nieuw from opvolging
    union
    select voor.datum, voor.gemeente, voor.gemeente
    from lidmaatschap voor
    where not voor.na and not exists (select from opvolging where opvolging.oud = voor.gemeente and opvolging.datum = voor.datum)
    union
    select na.datum, null, na.gemeente
    from lidmaatschap na
    where na.na
        and not exists (select from opvolging where opvolging.nieuw = na.gemeente and opvolging.datum = na.datum)
        and not exists (
            select from lidmaatschap voor where voor.datum = na.datum and not voor.na and voor.gemeente = na.gemeente
        )
),
voor as (
    select paar.datum, paar.oud, paar.nieuw, lid.ouder
    from paar join lidmaatschap lid on lid.datum = paar.datum and not lid.na and lid.gemeente = paar.oud
),
na as (
    select paar.datum, paar.oud, paar.nieuw, lid.ouder
    from paar join lidmaatschap lid on lid.datum = paar.datum and lid.na and lid.gemeente = paar.nieuw
),
-- A parent stays what it was when whatever succeeds its gemeenten is in it, and nothing else.
anders as (
    (select * from voor except select * from na) union (select * from na except select * from voor)
),
van_ouder as (
    select distinct anders.ouder, anders.datum
    from anders
    where anders.datum in (select datum from lidmaatschap where na) and anders.datum in (select datum from lidmaatschap where not na)
)
select gebied, datum, bool_or(zonder_opvolger)
from (
    select * from van_gemeente
    union all select ouder, datum, false from van_ouder
    union all select ouder || '-NTI', datum, false from van_ouder
) as breuk
group by gebied, datum;
analyze {breuken};

-- From every division in which figures are delivered: what part of each gemeente is where, from `van` until `tot`.
create temp table opvolging_stap on commit drop as
with recursive stap as (
    select distinct dag.indeling, gebied.code as oud, gebied.code as nieuw, 1::double precision as aandeel, dag.indeling as van,
        array[]::date[] as dagen
    from (select distinct indeling from {table} where niveau = 'GEMEENTE') as dag
    cross join (select oud as code from opvolging union select nieuw from opvolging) as betrokken
    join facts.current_gebied gebied
        on gebied.code = betrokken.code and gebied.soort = 'GEMEENTE'
        and gebied.geldig_vanaf <= dag.indeling and (gebied.geldig_tot is null or gebied.geldig_tot > dag.indeling)
    union all
    select stap.indeling, stap.oud, volgende.nieuw, stap.aandeel * volgende.aandeel, volgende.datum, stap.dagen || volgende.datum
    from stap
    join opvolging volgende
        on volgende.oud = stap.nieuw
        and volgende.datum = (select min(later.datum) from opvolging later where later.oud = stap.nieuw and later.datum > stap.van)
)
select stap.*,
    (select min(later.datum) from opvolging later where later.oud = stap.nieuw and later.datum > stap.van) as tot
from stap;

-- Of what each gemeente consists from the day that it changed until the next.
create temp table samenstelling on commit drop as
with moment as (
    select oud as code, datum from opvolging
    union
    select nieuw, datum from opvolging
)
select stap.indeling, stap.nieuw as gebied, moment.datum as van,
    (select min(breuk.datum) from {breuken} breuk where breuk.gebied = stap.nieuw and breuk.datum > moment.datum) as tot,
    stap.oud, least(sum(stap.aandeel), 1) as aandeel
from opvolging_stap stap
join moment
    on moment.code = stap.nieuw and moment.datum > stap.indeling and moment.datum >= stap.van
    and (stap.tot is null or moment.datum < stap.tot)
group by stap.indeling, stap.nieuw, moment.datum, stap.oud;

create temp table samenstelling_tekst on commit drop as
select deel.indeling, deel.gebied, deel.van,
    regexp_replace(
        string_agg(
            case
                when deel.aandeel > 1 - 1e-9 then deel.oud
                else replace(trim_scale(round((deel.aandeel * 100)::numeric, 2))::text, '.', ',') || ' % van ' || deel.oud
            end,
            ', ' order by deel.oud
        ),
        '^(.*), ', '\1 en '
    ) as delen,
    (
        select regexp_replace(string_agg(distinct dag::text, ', ' order by dag::text), '^(.*), ', '\1 en ')
        from opvolging_stap stap cross join unnest(stap.dagen) as dag
        where stap.indeling = deel.indeling and stap.nieuw = deel.gebied and stap.van <= deel.van
            and (stap.tot is null or stap.tot > deel.van)
    ) as dagen
from samenstelling deel
group by deel.indeling, deel.gebied, deel.van;

create temp table voorganger on commit drop as
select * from {table} where niveau = 'GEMEENTE' and gebied in (select oud from samenstelling);
create index on voorganger (gebied, indicator, jaar);
analyze voorganger;

-- One row per figure that is asked for: a reeks, a gemeente that came from others, and the day since when it is what it is.
create temp table gezocht on commit drop as
select row_number() over (
        order by energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld, van
    )::integer as nummer, uniek.*
from (
    select distinct on (
            voorganger.energiebeeld, voorganger.indicator, voorganger.drager, voorganger.subsector, voorganger.techniek,
            voorganger.richting, voorganger.jaar, voorganger.beeld, deel.gebied, deel.van
        )
        voorganger.energiebeeld, voorganger.indicator, voorganger.drager, voorganger.subsector, voorganger.techniek,
        voorganger.richting, voorganger.jaar, voorganger.beeld, voorganger.thema, voorganger.keten, voorganger.hoofdsector,
        voorganger.eenheid, deel.gebied, deel.van, deel.tot, deel.indeling
    from voorganger
    join samenstelling deel on deel.oud = voorganger.gebied and deel.indeling = voorganger.indeling
    order by voorganger.energiebeeld, voorganger.indicator, voorganger.drager, voorganger.subsector, voorganger.techniek,
        voorganger.richting, voorganger.jaar, voorganger.beeld, deel.gebied, deel.van, deel.indeling
) as uniek;

create temp table onderdeel on commit drop as
select gezocht.nummer, deel.oud, deel.aandeel, voorganger.waarde, voorganger.ondergrens, voorganger.bovengrens, voorganger.reden_leeg,
    voorganger.soort, soort.volgorde as soort_rang, voorganger.bron, voorganger.peiljaar, weging.waarde as gewicht, weging.rang
from gezocht
join samenstelling deel on deel.indeling = gezocht.indeling and deel.gebied = gezocht.gebied and deel.van = gezocht.van
left join voorganger
    on voorganger.gebied = deel.oud and voorganger.indicator = gezocht.indicator and voorganger.jaar = gezocht.jaar
    and voorganger.energiebeeld = gezocht.energiebeeld and voorganger.beeld = gezocht.beeld
    and voorganger.drager = gezocht.drager and voorganger.subsector = gezocht.subsector
    and voorganger.techniek = gezocht.techniek and voorganger.richting = gezocht.richting
    and voorganger.indeling < gezocht.van
left join facts.begrip soort on soort.lijst = 'soort' and soort.code = voorganger.soort
left join facts.begrip indicator on indicator.lijst = 'indicator' and indicator.code = gezocht.indicator
left join lateral (
    -- As when parents are added up: a weight that is split along the same dimensions goes before one that is not split.
    select weging.waarde,
        (weging.drager <> '')::integer + (weging.subsector <> '')::integer + (weging.techniek <> '')::integer
            + (weging.richting <> '')::integer as rang
    from voorganger weging
    where indicator.kenmerken->>'aggregatie' = 'GEWOGEN_GEMIDDELDE'
        and weging.gebied = deel.oud and weging.indicator = indicator.kenmerken->>'gewicht' and weging.jaar = gezocht.jaar
        and weging.energiebeeld = gezocht.energiebeeld and weging.beeld = gezocht.beeld and weging.indeling < gezocht.van
        and weging.drager in ('', gezocht.drager) and weging.subsector in ('', gezocht.subsector)
        and weging.techniek in ('', gezocht.techniek) and weging.richting in ('', gezocht.richting)
    order by rang desc
    limit 1
) as weging on true;

create temp table omrekening on commit drop as
with samen as (
    select nummer, count(*) as delen, count(waarde) as gevuld, count(*) = 1 and min(aandeel) > 1 - 1e-9 as geheel,
        sum(waarde * aandeel order by oud) as som,
        sum(coalesce(ondergrens, waarde) * aandeel order by oud) filter (where waarde is not null) as ondersom,
        sum(coalesce(bovengrens, waarde) * aandeel order by oud) filter (where waarde is not null) as bovensom,
        count(ondergrens) > 0 as heeft_ondergrens, count(bovengrens) > 0 as heeft_bovengrens,
        count(gewicht) = count(*) and min(rang) = max(rang) as gewogen,
        nullif(sum(gewicht * aandeel order by oud), 0) as gewicht,
        sum(waarde * gewicht * aandeel order by oud) as gewogen_som,
        sum(coalesce(ondergrens, waarde) * gewicht * aandeel order by oud) as gewogen_ondersom,
        sum(coalesce(bovengrens, waarde) * gewicht * aandeel order by oud) as gewogen_bovensom,
        min(reden_leeg) as reden_leeg,
        (array_agg(soort order by soort_rang desc) filter (where soort is not null))[1] as soort,
        string_agg(distinct bron, ', ' order by bron) as bron,
        case when min(peiljaar) = max(peiljaar) then min(peiljaar) end as peiljaar,
        regexp_replace(string_agg(oud, ', ' order by oud) filter (where waarde is null), '^(.*), ', '\1 en ') as zonder_waarde,
        regexp_replace(string_agg(oud, ', ' order by oud) filter (where gewicht is null), '^(.*), ', '\1 en ') as zonder_gewicht
    from onderdeel
    group by nummer
),
soort_som as (
    select samen.*, coalesce(indicator.kenmerken->>'aggregatie', 'NIET') as aggregatie,
        indicator.kenmerken->>'gewicht' as gewicht_indicator,
        case
            when samen.geheel then 'GEHEEL'
            when coalesce(indicator.kenmerken->>'aggregatie', 'NIET') not in ('SOM', 'GEWOGEN_GEMIDDELDE') then 'NIET_OPTELBAAR'
            when samen.gevuld < samen.delen then 'ONVOLLEDIG'
            when indicator.kenmerken->>'aggregatie' = 'SOM' then 'SOM'
            when samen.gewogen and samen.gewicht is not null then 'GEMIDDELDE'
            else 'ZONDER_GEWICHT'
        end as wijze
    from samen
    join gezocht using (nummer)
    left join facts.begrip indicator on indicator.lijst = 'indicator' and indicator.code = gezocht.indicator
)
select nummer, wijze, soort, bron, peiljaar,
    case wijze when 'GEHEEL' then som when 'SOM' then som when 'GEMIDDELDE' then gewogen_som / gewicht end as waarde,
    case
        when not heeft_ondergrens then null
        when wijze in ('GEHEEL', 'SOM') then ondersom
        when wijze = 'GEMIDDELDE' then gewogen_ondersom / gewicht
    end as ondergrens,
    case
        when not heeft_bovengrens then null
        when wijze in ('GEHEEL', 'SOM') then bovensom
        when wijze = 'GEMIDDELDE' then gewogen_bovensom / gewicht
    end as bovengrens,
    case when wijze = 'GEHEEL' then reden_leeg end as reden_leeg,
    case wijze
        when 'NIET_OPTELBAAR' then 'deze waarden tellen niet op'
        when 'ONVOLLEDIG' then 'van ' || zonder_waarde || ' ontbreekt het cijfer'
        when 'ZONDER_GEWICHT' then coalesce('van ' || zonder_gewicht || ' ontbreekt het gewicht', 'het gewicht is niet bruikbaar')
            || ' (' || coalesce(gewicht_indicator, 'onbekend') || ')'
        when 'GEMIDDELDE' then ', gewogen met ' || gewicht_indicator
    end as toelichting
from soort_som;

create table {omgerekend} (like {table});
alter table {omgerekend} add column geldig_tot date;

insert into {omgerekend} (
    rij, energiebeeld, gebied, gebied_naam, niveau, thema, indicator, drager, keten, subsector, hoofdsector, techniek, richting, jaar,
    beeld, indeling, geldig_tot, soort, herkomst, kwaliteit, waarde, eenheid, ondergrens, bovengrens, reden_leeg, methode, bron, peiljaar
)
select (select coalesce(max(rij), 0) from {table}) + row_number() over (order by gezocht.nummer),
    gezocht.energiebeeld, gezocht.gebied,
    coalesce(
        (
            select gebied.naam from facts.current_gebied gebied
            where gebied.code = gezocht.gebied and gebied.geldig_vanaf <= gezocht.van
                and (gebied.geldig_tot is null or gebied.geldig_tot > gezocht.van)
            order by gebied.geldig_vanaf desc, gebied.levering_id desc limit 1
        ),
        gezocht.gebied
    ),
    'GEMEENTE', gezocht.thema, gezocht.indicator, gezocht.drager, gezocht.keten, gezocht.subsector, gezocht.hoofdsector,
    gezocht.techniek, gezocht.richting, gezocht.jaar, gezocht.beeld, gezocht.van, gezocht.tot,
    omrekening.soort, 'AFGELEID', 'TOEGEDEELD', omrekening.waarde, gezocht.eenheid, omrekening.ondergrens, omrekening.bovengrens,
    case when omrekening.waarde is null then coalesce(omrekening.reden_leeg, 'ONBEKEND') end,
    case
        when omrekening.waarde is null then
            'Niet omgerekend: ' || coalesce(omrekening.toelichting, 'van ' || tekst.delen || ' is er geen waarde')
            || ' (opvolging van ' || tekst.dagen || ')'
        else
            case omrekening.wijze when 'GEMIDDELDE' then 'Gemiddelde van ' when 'SOM' then 'Som van ' else 'Cijfer van ' end
            || tekst.delen || coalesce(omrekening.toelichting, '') || ', volgens de opvolging van ' || tekst.dagen
    end,
    omrekening.bron, omrekening.peiljaar
from gezocht
join omrekening using (nummer)
join samenstelling_tekst tekst
    on tekst.indeling = gezocht.indeling and tekst.gebied = gezocht.gebied and tekst.van = gezocht.van;

-- A parent that got other gemeenten: what it would have been is not known from what it was.
insert into {omgerekend} (
    rij, energiebeeld, gebied, gebied_naam, niveau, thema, indicator, drager, keten, subsector, hoofdsector, techniek, richting, jaar,
    beeld, indeling, geldig_tot, soort, herkomst, kwaliteit, eenheid, reden_leeg, methode, bron, peiljaar
)
select greatest((select max(rij) from {table}), (select max(rij) from {omgerekend})) + row_number() over (order by cijfer.rij, breuk.datum),
    cijfer.energiebeeld, cijfer.gebied, cijfer.gebied_naam, cijfer.niveau, cijfer.thema, cijfer.indicator, cijfer.drager, cijfer.keten,
    cijfer.subsector, cijfer.hoofdsector, cijfer.techniek, cijfer.richting, cijfer.jaar, cijfer.beeld, breuk.datum,
    (select min(later.datum) from {breuken} later where later.gebied = breuk.gebied and later.datum > breuk.datum),
    cijfer.soort, 'AFGELEID', 'TOEGEDEELD', cijfer.eenheid, 'ONBEKEND',
    'Niet omgerekend: sinds ' || breuk.datum || ' bestaat dit gebied uit andere gemeenten', cijfer.bron, cijfer.peiljaar
from {breuken} breuk
join {table} cijfer on cijfer.gebied = breuk.gebied and cijfer.indeling < breuk.datum and cijfer.niveau <> 'GEMEENTE'
where exists (
    select from lidmaatschap lid
    where lid.datum = breuk.datum and lid.na and lid.ouder = regexp_replace(breuk.gebied, '-NTI$', '')
);

alter table {omgerekend} add primary key (rij);
analyze {omgerekend};
