-- Figures that cannot be added up because they are not of one kind, in Dutch. Run after the layers are put together.
(
    select format(
        'in energiebeeld %s heeft %s van %s (%s) cijfers in de indeling van %s en een cijfer van %s (bron %s), dat in die indeling niet bestaat',
        reeks.energiebeeld, reeks.indicator, reeks.jaar, reeks.beeld, kring.indeling, plaats.code, levering.bron
    )
    from basis
    join reeks using (reeks)
    join kring on kring.kring = reeks.kring
    join plaats using (plaats)
    join facts.levering on levering.id = basis.levering_id
    where basis.niveau = 'GEMEENTE' and basis.kring <> reeks.kring
        and exists (select from lid where lid.kring = reeks.kring)
        and not exists (select from lid where lid.kring = reeks.kring and lid.gemeente = basis.plaats)
    order by basis.reeks, basis.plaats
    limit 20
)
union all
(
    select format(
        'in energiebeeld %s staan bij %s van %s (%s) potenties en andere cijfers door elkaar', reeks.energiebeeld, reeks.indicator, reeks.jaar, reeks.beeld
    )
    from basis join reeks using (reeks)
    where reeks.aggregatie in ('SOM', 'GEWOGEN_GEMIDDELDE') and basis.niveau in ('GEMEENTE', 'NTI')
    group by reeks.reeks, reeks.energiebeeld, reeks.indicator, reeks.jaar, reeks.beeld
    having bool_or(basis.soort = 'POTENTIE') and not bool_and(basis.soort = 'POTENTIE')
    order by reeks.reeks
    limit 20
)
