/** What MapLibre itself says, in Dutch. */
export const DUTCH: Record<string, string> = {
    'Map.Title': 'Kaart. Verschuif met de pijltjes, zoom met + en −, vraag met Enter de gegevens in het midden op.',
    'NavigationControl.ZoomIn': 'Inzoomen',
    'NavigationControl.ZoomOut': 'Uitzoomen',
    'ScaleControl.Feet': 'ft',
    'ScaleControl.Meters': 'm',
    'ScaleControl.Kilometers': 'km',
    'ScaleControl.Miles': 'mi',
    'ScaleControl.NauticalMiles': 'nm',
    'CooperativeGesturesHandler.WindowsHelpText': 'Houd Ctrl ingedrukt en scrol om te zoomen',
    'CooperativeGesturesHandler.MacHelpText': 'Houd ⌘ ingedrukt en scrol om te zoomen',
    'CooperativeGesturesHandler.MobileHelpText': 'Verschuif de kaart met twee vingers',
};
