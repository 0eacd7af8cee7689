-- What a gedragen version says of a gemeente that the newer concept no longer has cannot be added up in the effective energiebeeld of
-- the land. It stays in its own version, and the steward is told.
do $$
declare
    regel text;
begin
    for regel in
        with weg as (
            delete from basis
            using reeks, kring
            where reeks.reeks = basis.reeks and kring.kring = basis.kring and kring.energiebeeld in (select energiebeeld from actueel)
                and basis.niveau = 'GEMEENTE' and basis.kring <> reeks.kring
                and exists (select from lid where lid.kring = reeks.kring)
                and not exists (select from lid where lid.kring = reeks.kring and lid.gemeente = basis.plaats)
            returning kring.energiebeeld, basis.levering_id, basis.plaats
        )
        select format(
            'in energiebeeld %s ontbreken %s cijfers van bron %s: van gemeenten die in de nieuwere indeling niet bestaan (%s)',
            weg.energiebeeld, count(*), levering.bron, string_agg(distinct plaats.code, ', ')
        )
        from weg
        join plaats using (plaats)
        join facts.levering on levering.id = weg.levering_id
        group by weg.energiebeeld, levering.bron
        order by weg.energiebeeld, levering.bron
    loop
        raise warning '%', regel;
    end loop;
end $$;
