/** The frame of the page: header with the publication, room for the list, the map, the panel and the sources. */
import type {PageState} from './address';
import {at} from './address';
import type {Contents} from './contents';
import {h} from './dom';
import {formatDate} from './format';

export interface Frame {
    root: HTMLElement;
    list: HTMLElement;
    map: HTMLElement;
    panel: HTMLElement;
    sources: HTMLElement;
    openList(): void;
    notify(text: string): void;
    replaceMap(text: string): void;
}

const NARROW = '(max-width: 760px)';
/** Where a legend would cover most of an embedded map. */
const SMALL = '(max-width: 900px), (max-height: 560px)';

export function createFrame(contents: Contents, state: PageState): Frame {
    const compact = state.embedded && state.layers !== null;
    const list = h('section', {id: 'lagen', class: 'list', 'aria-label': compact ? 'Legenda' : 'Kaartlagen'});
    const map = h('div', {class: 'map'});
    const panel = h('aside', {class: 'panel', 'aria-label': 'Gegevens van het gekozen object', hidden: true});
    const sources = h('footer', {class: 'sources'});
    const notices = h('div', {class: 'notices', role: 'status'});
    if (contents.demo) notices.append(demoNotice());

    const toggle = h('button', {type: 'button', class: 'toggle', 'aria-controls': 'lagen'}, compact ? 'Legenda' : 'Kaartlagen');
    const open = (on: boolean): void => {
        list.hidden = !on;
        toggle.setAttribute('aria-expanded', String(on));
    };
    open(!matchMedia(compact ? SMALL : NARROW).matches);
    toggle.addEventListener('click', () => open(list.hidden !== false));

    const title = state.embedded ? h('h1', {class: 'unseen'}, 'Kaart van het Energiebeeld') : null;
    const stage = h('main', {class: 'stage'}, title, list, h('div', {class: 'view'}, map, toggle, panel, sources));
    const root = h('div', {class: `frame${state.embedded ? ' embedded' : ''}${compact ? ' compact' : ''}`});
    root.append(...(state.embedded ? [] : [skipLink(), header(contents)]), notices, stage);
    return {
        root,
        list,
        map,
        panel,
        sources,
        openList: () => open(true),
        notify: (text) => notices.append(h('p', {class: 'notice'}, text)),
        replaceMap: (text) => map.replaceChildren(h('p', {class: 'message'}, text)),
    };
}

function header(contents: Contents): HTMLElement {
    const published = contents.themes.length ? `Publicatie ${contents.versie}, ${formatDate(contents.published_at)}` : 'Nog geen publicatie';
    return h(
        'header',
        {class: 'header'},
        h('img', {src: at('favicon.svg'), alt: '', width: 32, height: 32}),
        h('h1', {}, 'Energiebeeld', h('span', {class: 'subtitle'}, ' kaart van energie en ruimte')),
        h('p', {class: 'publication'}, published),
        h(
            'nav',
            {'aria-label': 'Meer van deze service'},
            h('a', {href: at('v1/collections?f=html')}, 'Gegevens'),
            h('a', {href: at('v1?f=html')}, 'API'),
        ),
    );
}

function skipLink(): HTMLElement {
    return h('a', {class: 'skip', href: '#lagen'}, 'Naar de kaartlagen');
}

function demoNotice(): HTMLElement {
    return h(
        'p',
        {class: 'notice demo'},
        h('strong', {}, 'Demonstratie. '),
        'Dit is Doggerland, een verzonnen land in de Noordzee. Niets op deze kaart bestaat echt.',
    );
}
