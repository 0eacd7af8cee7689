-- The published figures: those that were delivered, and of every parent what its parts add up to beside what was delivered for itself.
-- Where all parts are there they decide; where they are not, what was delivered stands.
-- A derived figure can be of several leveringen: it bears a number below zero for the set of them.
create temp table bron_deel on commit drop as
select distinct laag.levering_id, levering.id as levering, levering.bron, extract(year from levering.peildatum)::smallint as peiljaar
from laag
left join stel using (levering_id)
join facts.levering on levering.id = laag.levering_id or levering.id = any (stel.leveringen);

create temp table bron on commit drop as
select levering_id, string_agg(distinct bron, ', ' order by bron) as bron,
    case when min(peiljaar) = max(peiljaar) then min(peiljaar) end as peiljaar,
    case when count(*) = 1 then min(levering) end as levering
from bron_deel
group by levering_id;

-- The sources of a sum are those of its reeks, unless several deliver to that: then they are looked up per parent.
create temp table bron_van_som on commit drop as
with meer as (
    select reeks.reeks, reeks.kring, reeks.gewicht_reeks
    from reeks left join reeks weging on weging.reeks = reeks.gewicht_reeks
    where reeks.leveringen > 1 or weging.leveringen > 1 or weging.levering_id <> reeks.levering_id
),
deel as (
    select meer.reeks, lid.ouder, basis.levering_id
    from meer
    join basis on basis.reeks in (meer.reeks, meer.gewicht_reeks) and basis.niveau = 'GEMEENTE'
    join lid on lid.kring = meer.kring and lid.gemeente = basis.plaats
    union
    select reeks, ouder, unnest(rest.leveringen) from meer join rest using (reeks)
    union
    select reeks, plaats, levering_id from meer join basis using (reeks) where niveau not in ('GEMEENTE', 'NTI')
)
select reeks, ouder, string_agg(distinct bron, ', ' order by bron) as bron,
    case when min(peiljaar) = max(peiljaar) then min(peiljaar) end as peiljaar
from deel join bron_deel using (levering_id)
group by reeks, ouder;

create temp table ouder on commit drop as
with eigen as (
    select * from basis where niveau not in ('GEMEENTE', 'NTI')
),
samen as (
    select uitkomst.* from uitkomst
    where verdeeld or not exists (select from eigen where eigen.reeks = uitkomst.reeks and eigen.plaats = uitkomst.ouder)
),
naast as (
    select coalesce(samen.reeks, eigen.reeks) as reeks, coalesce(samen.ouder, eigen.plaats) as plaats,
        samen.reeks is not null as opgeteld, coalesce(samen.compleet, false) as compleet,
        samen.kinderen, samen.ontbrekend, samen.som, samen.rest, samen.samen,
        samen.ondergrens as som_ondergrens, samen.bovengrens as som_bovengrens,
        samen.soort_rang as som_soort_rang, samen.kwaliteit_rang as som_kwaliteit_rang,
        eigen.reeks is not null as geleverd, eigen.kring, eigen.levering_id, eigen.waarde, eigen.ondergrens, eigen.bovengrens,
        eigen.soort, eigen.herkomst, eigen.kwaliteit, eigen.methode, eigen.reden_leeg
    from samen full join eigen on eigen.reeks = samen.reeks and eigen.plaats = samen.ouder
)
select naast.*, compleet or not geleverd as afgeleid, reeks.aggregatie, reeks.gewicht, reeks.kring as reeks_kring,
    -- Delivered figures have more digits than fifteen sometimes: what then differs behind the twelfth is no difference.
    case
        when abs(naast.waarde::numeric - naast.samen) <= 1e-12 * greatest(abs(naast.waarde::numeric), abs(naast.samen)) then 0
        else naast.waarde::numeric - naast.samen
    end as verschil,
    -- Rounded parts may each be half a digit off, and their sum so many times that; a mean and its counterpart half a digit each.
    -- On top of that comes what is lost in the last bits of large numbers.
    coalesce(
        reeks.tolerantie,
        0.5 * power(10::double precision, -reeks.decimalen) * case reeks.aggregatie when 'SOM' then coalesce(kinderen, 1) else 2 end,
        0
    ) + 1e-9 * greatest(abs(naast.waarde), abs(naast.samen)) as tolerantie
from naast join reeks using (reeks);

-- Codes are compared byte by byte: that sorts the same everywhere, and indexes are made several times faster.
create table {table} (
    rij bigint not null,
    energiebeeld text collate "C" not null,
    gebied text collate "C" not null,
    gebied_naam text not null,
    niveau text collate "C" not null,
    thema text collate "C" not null,
    indicator text collate "C" not null,
    drager text collate "C" not null,
    keten text collate "C" not null,
    subsector text collate "C" not null,
    hoofdsector text collate "C" not null,
    techniek text collate "C" not null,
    richting text collate "C" not null,
    jaar smallint not null,
    beeld text collate "C" not null,
    indeling date not null,
    soort text collate "C" not null,
    herkomst text collate "C" not null,
    kwaliteit text collate "C" not null,
    waarde double precision,
    eenheid text collate "C" not null,
    ondergrens double precision,
    bovengrens double precision,
    reden_leeg text collate "C",
    methode text,
    bron text not null,
    peiljaar smallint,
    levering_id bigint,
    geleverd double precision,
    som double precision,
    rest double precision,
    verschil double precision,
    oordeel text collate "C",
    kinderen integer,
    ontbrekend text[]
);

insert into {table}
with soort as (
    select volgorde, code from facts.begrip where lijst = 'soort'
),
kwaliteit as (
    select volgorde, code from facts.begrip where lijst = 'kwaliteit'
),
rij as (
    select basis.reeks, basis.plaats, basis.kring, basis.soort, basis.herkomst, basis.kwaliteit, basis.waarde,
        basis.ondergrens, basis.bovengrens, basis.reden_leeg, basis.methode, bron.bron, bron.peiljaar, bron.levering as levering_id,
        null::double precision as geleverd, null::double precision as som, null::double precision as rest,
        null::double precision as verschil, null as oordeel, null::integer as kinderen, null::text[] as ontbrekend
    from basis join bron using (levering_id)
    where basis.niveau in ('GEMEENTE', 'NTI')
    union all
    select ouder.reeks, ouder.plaats, case when afgeleid then ouder.reeks_kring else ouder.kring end,
        case when afgeleid then soort.code else ouder.soort end,
        case when afgeleid then 'AFGELEID' else ouder.herkomst end,
        case when afgeleid then kwaliteit.code else ouder.kwaliteit end,
        case when compleet then samen else ouder.waarde end,
        case when compleet then som_ondergrens else ouder.ondergrens end,
        case when compleet then som_bovengrens else ouder.bovengrens end,
        case when compleet then null when ouder.waarde is null then coalesce(ouder.reden_leeg, 'ONBEKEND') end,
        case
            when not afgeleid then ouder.methode
            when ouder.aggregatie = 'SOM' then 'Som van de gemeenten en wat niet is toegedeeld'
            else 'Gemiddelde van de gemeenten, gewogen met ' || ouder.gewicht
        end,
        case when afgeleid then coalesce(bron_van_som.bron, van_reeks.bron) else eigen.bron end,
        case when not afgeleid then eigen.peiljaar when bron_van_som.reeks is null then van_reeks.peiljaar else bron_van_som.peiljaar end,
        case when not afgeleid then eigen.levering end,
        ouder.waarde, som, rest, verschil,
        case
            when ouder.aggregatie not in ('SOM', 'GEWOGEN_GEMIDDELDE') then 'NIET_OPTELBAAR'
            when not opgeteld then null
            when not compleet then 'ONVOLLEDIG'
            when abs(verschil) > ouder.tolerantie then 'NIET_SLUITEND'
            when rest <> 0 then 'SLUITEND_MET_REST'
            else 'SLUITEND'
        end,
        kinderen, ontbrekend
    from ouder
    join reeks using (reeks)
    left join soort on soort.volgorde = coalesce(ouder.som_soort_rang, reeks.soort_rang)
    left join kwaliteit on kwaliteit.volgorde = coalesce(ouder.som_kwaliteit_rang, reeks.kwaliteit_rang)
    left join bron_van_som on bron_van_som.reeks = ouder.reeks and bron_van_som.ouder = ouder.plaats
    left join bron van_reeks on van_reeks.levering_id = reeks.levering_id
    left join bron eigen on eigen.levering_id = ouder.levering_id
),
nummer as (
    select kring, energiebeeld, indeling, dense_rank() over (order by energiebeeld collate "C") as beeld_nummer from kring
)
-- The last step sorts: rows then lie on disk in the order of their numbers.
select row_number() over (order by nummer.beeld_nummer, plaats.niveau collate "C", rij.plaats, rij.reeks),
    nummer.energiebeeld, plaats.code, naam.naam, plaats.niveau, reeks.thema, reeks.indicator, reeks.drager, reeks.keten, reeks.subsector,
    reeks.hoofdsector, reeks.techniek, reeks.richting, reeks.jaar, reeks.beeld, nummer.indeling, rij.soort, rij.herkomst, rij.kwaliteit,
    rij.waarde, reeks.eenheid, rij.ondergrens, rij.bovengrens, rij.reden_leeg, rij.methode, rij.bron, rij.peiljaar, rij.levering_id,
    rij.geleverd, rij.som, rij.rest, rij.verschil, rij.oordeel, rij.kinderen, rij.ontbrekend
from rij
join reeks using (reeks)
join plaats using (plaats)
join naam on naam.kring = rij.kring and naam.plaats = rij.plaats
join nummer on nummer.kring = rij.kring
