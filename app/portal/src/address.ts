/** Where the service lives, and what the address of the page says: which layers are on, and whether the page is embedded. */

const BASE = new URL('.', document.baseURI);

export interface PageState {
    /** On `/kaart`, the page that other sites put in an iframe. */
    embedded: boolean;
    /** The layers that `?lagen=` names; null when it does not say. */
    layers: string[] | null;
}

/** The absolute address of a path of the service, also when it lives below a prefix. */
export function at(path: string): string {
    return new URL(path, BASE).href;
}

/** The same address on the host that this page came from: style documents name the public one, which may differ behind a proxy. */
export function onThisHost(address: string): string {
    const path = address.indexOf('/v1/');
    return path < 0 ? address : at(address.slice(path + 1));
}

export function readState(location: Location): PageState {
    const layers = new URLSearchParams(location.search).get('lagen');
    return {
        embedded: location.pathname.endsWith('/kaart'),
        layers: layers === null ? null : layers.split(',').filter(Boolean),
    };
}

/** Keeps the address of the page in step with the layers that are on, so that it can be shared. */
export function writeLayers(layers: Iterable<string>): void {
    const search = `?lagen=${[...layers].map(encodeURIComponent).join(',')}`;
    history.replaceState(history.state, '', `${location.pathname}${search}${location.hash}`);
}
