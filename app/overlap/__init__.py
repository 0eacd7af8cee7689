"""Where the energy system meets gebiedsopgaven: measured in RD, weighed by rules, explained."""
