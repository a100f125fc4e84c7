import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAmfValues } from './readAmf.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const text = (value: string) => `02 ${value.length.toString(16).padStart(4, '0')} ${Buffer.from(value).toString('hex')}`;
const name = (value: string) => text(value).slice(3);
const number = '00 3ff0000000000000';
const end = '0000 09';

describe('readAmfValues', () => {
  it.each([
    ['a number', number, 1],
    ['a boolean', '01 01', true],
    ['a string', text('live'), 'live'],
    ['null', '05', null],
    ['undefined', '06', undefined],
    ['a reference', '07 0000', undefined],
    ['an unsupported value', '0d', undefined],
    ['a date', '0b 4000000000000000 0000', 2],
    ['a long string', `0c 00000002 ${Buffer.from('ok').toString('hex')}`, 'ok'],
    ['an XML document', `0f 00000002 ${Buffer.from('<>').toString('hex')}`, '<>'],
    ['an object', `03 ${name('app')} ${text('live')} ${end}`, new Map([['app', 'live']])],
    ['a typed object', `10 ${name('Class')} ${name('app')} ${text('live')} ${end}`, new Map([['app', 'live']])],
    ['an ECMA array', `08 00000001 ${name('app')} ${text('live')} ${end}`, new Map([['app', 'live']])],
    ['an ECMA array that states no count', `08 00000000 ${name('app')} ${text('live')} ${end}`, new Map([['app', 'live']])],
    ['a strict array', `0a 00000002 ${number} 05`, [1, null]],
    ['a property without a name', `03 0000 ${number} ${end}`, new Map([['', 1]])],
    ['AMF3: null', '11 01', null],
    ['AMF3: a boolean', '11 03', true],
    ['AMF3: an integer', '11 04 8148', 200],
    ['AMF3: a negative integer', '11 04 ffffffff', -1],
    ['AMF3: a double', '11 05 3ff0000000000000', 1],
    ['AMF3: a string', `11 06 09 ${Buffer.from('live').toString('hex')}`, 'live'],
  ])('reads %s, and the value after it', (_, bytes, value) => {
    expect(readAmfValues(hex(`${bytes} ${text('after')}`))).toEqual([value, 'after']);
  });

  it('keeps what comes before a value of an unknown kind', () => {
    expect(readAmfValues(hex(`${text('connect')} ${number} 7f 00 00`))).toEqual(['connect', 1]);
    expect(readAmfValues(hex(`${text('connect')} 03 ${name('app')} ${text('live')} ${name('other')} 7f`))).toEqual(['connect', new Map([['app', 'live']])]);
  });

  it('keeps what comes before a value that ends early', () => {
    expect(readAmfValues(hex(`${text('publish')} ${number} 02 00ff 41`))).toEqual(['publish', 1]);
    expect(readAmfValues(hex(`0a ffffffff ${number}`))).toEqual([[1]]);
  });

  it('stores a property called __proto__ as any other', () => {
    expect(readAmfValues(hex(`03 ${name('__proto__')} ${number} ${end}`))).toEqual([new Map([['__proto__', 1]])]);
  });

  it('reads nested values to a limited depth', () => {
    expect(() => readAmfValues(Buffer.concat(Array(10_000).fill(hex('0a 00000001'))))).not.toThrow();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readAmfValues(Buffer.from(bytes))), { numRuns: 2000 });
  });
});
