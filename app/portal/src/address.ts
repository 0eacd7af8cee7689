/** Where the service lives, and what the address of the page says: which layers are on, and whether the page is embedded. */
import type {Moment} from './contents';

const BASE = new URL('.', document.baseURI);

export interface PageState {
    /** On `/kaart`, the page that other sites put in an iframe. */
    embedded: boolean;
    /** The layers that `?lagen=` names; null when it does not say. */
    layers: string[] | null;
    /** The year and beeld that `?moment=2030,II3050V3_KM` names; null when it does not say. */
    moment: Moment | null;
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
    const asked = new URLSearchParams(location.search);
    const layers = asked.get('lagen');
    return {
        embedded: location.pathname.endsWith('/kaart'),
        layers: layers === null ? null : layers.split(',').filter(Boolean),
        moment: readMoment(asked.get('moment')),
    };
}

/** Keeps the address of the page in step with the layers that are on, so that it can be shared. */
export function writeLayers(layers: Iterable<string>): void {
    write('lagen', [...layers]);
}

/** Keeps the address of the page in step with the year and beeld that are shown. */
export function writeMoment(moment: Moment): void {
    write('moment', [String(moment.jaar), moment.beeld]);
}

function readMoment(text: string | null): Moment | null {
    const [jaar = '', beeld = ''] = text?.split(',') ?? [];
    return /^\d{4}$/.test(jaar) && beeld ? {jaar: Number(jaar), beeld, naam: beeld} : null;
}

function write(name: string, values: string[]): void {
    const others = [...new URLSearchParams(location.search)].filter(([each]) => each !== name).map(([each, value]) => `${each}=${listed(value.split(','))}`);
    history.replaceState(history.state, '', `${location.pathname}?${[...others, `${name}=${listed(values)}`].join('&')}${location.hash}`);
}

/** Commas between values stay as they are: that reads, and people write it so. */
function listed(values: string[]): string {
    return values.map(encodeURIComponent).join(',');
}
