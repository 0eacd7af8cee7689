/** What the service shows: one document with the publication, its layers by theme, their properties, legends and bronnen. */
import {at} from './address';

export interface Property {
    title: string;
    type: 'text' | 'integer' | 'number' | 'boolean' | 'date';
    unit: string | null;
    description: string | null;
}

export interface Bron {
    title: string;
    publisher: string;
    attribution: string | null;
    license: string;
    homepage: string;
    peildatum: string;
}

export type Extent = [west: number, south: number, east: number, north: number];

/** A year of a beeld; `naam` is that of the beeld. */
export interface Moment {
    jaar: number;
    beeld: string;
    naam: string;
}

export interface Layer {
    id: string;
    title: string;
    description: string;
    geometry: 'point' | 'line' | 'polygon';
    count: number;
    extent: Extent | null;
    /** Lies under every map. */
    ground: boolean;
    /** Its polygons fill the plane between them, like gemeenten. */
    mosaic: boolean;
    shown: boolean;
    label: string | null;
    demo: boolean;
    /** What a layer of beelden can show, one at a time; empty for every other layer. */
    moments: Moment[];
    properties: Record<string, Property>;
    legend: {title: string; svg: string}[];
    bronnen: Bron[];
}

export interface Theme {
    id: string;
    title: string;
    layers: Layer[];
}

export interface Contents {
    versie: string;
    published_at: string;
    demo: boolean;
    themes: Theme[];
}

export type Value = string | number | boolean | null;

export interface Feature {
    type: 'Feature';
    id: string;
    geometry: GeoJSON.Geometry | null;
    properties: Record<string, Value>;
}

/** Says in Dutch what the service answered instead of what was asked. */
export class ServiceFault extends Error {}

export function layersOf(contents: Contents): Layer[] {
    return contents.themes.flatMap((theme) => theme.layers);
}

export function fetchContents(signal: AbortSignal): Promise<Contents> {
    return fetchJson<Contents>(at('kaart/inhoud.json'), signal);
}

export function fetchFeature(layer: Layer, id: string, signal: AbortSignal): Promise<Feature> {
    return fetchJson<Feature>(at(`v1/collections/${layer.id}/items/${encodeURIComponent(id)}?f=json`), signal);
}

export async function fetchJson<T>(address: string, signal: AbortSignal): Promise<T> {
    const response = await fetch(address, {signal, headers: {Accept: 'application/geo+json, application/json;q=0.9, */*;q=0.1'}});
    if (response.ok) return (await response.json()) as T;
    const problem = (await response.json().catch(() => ({}))) as {detail?: string};
    throw new ServiceFault(problem.detail ?? `De service antwoordde met foutcode ${response.status}.`);
}
