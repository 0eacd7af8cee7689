/** Values as Dutch readers write them. */
import type {Property, Value} from './contents';

// "min2" leaves years alone: 2017, but 12.345.
const NUMBER = new Intl.NumberFormat('nl-NL', {maximumFractionDigits: 3, useGrouping: 'min2'});
const DATE = new Intl.DateTimeFormat('nl-NL', {day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/Amsterdam'});
const CODE = /^[A-Z]{2,}(_[A-Z]+)*$/;
const LONGEST_ABBREVIATION = 4;

export const formatCount = (count: number): string => NUMBER.format(count);

export const formatDate = (date: string): string => DATE.format(new Date(date));

/** The text of a value with its unit, or null when there is no value: missing is not zero. */
export function formatValue(value: Value | undefined, property: Property): string | null {
    if (value === null || value === undefined || value === '') return null;
    if (typeof value === 'boolean') return value ? 'ja' : 'nee';
    if (typeof value === 'number') return property.unit ? `${NUMBER.format(value)} ${property.unit}` : NUMBER.format(value);
    if (property.type === 'date') return formatDate(value);
    return CODE.test(value) && value.length > LONGEST_ABBREVIATION ? readableCode(value) : value;
}

/** What people call a licence, from its address. */
export function licenseName(address: string): string {
    const commons = /creativecommons\.org\/(licenses|publicdomain)\/([a-z-]+)\/([\d.]+)/.exec(address);
    if (commons) return commons[2] === 'zero' ? 'CC0' : `${commons[2] === 'mark' ? 'Publiek domein' : `CC ${commons[2]?.toUpperCase()}`} ${commons[3]}`;
    if (/odbl/i.test(address)) return 'ODbL';
    const name = address.replace(/\/+$/, '').split('/').pop() ?? address;
    return name.replace(/\.(html?|txt)$/, '').replaceAll(/[-_]/g, ' ');
}

function readableCode(code: string): string {
    const words = code.toLowerCase().replaceAll('_', ' ');
    return words.charAt(0).toUpperCase() + words.slice(1);
}
