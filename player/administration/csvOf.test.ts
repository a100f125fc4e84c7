import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { csvOf } from './csvOf.ts';

it('A CSV file keeps quotes, commas, line breaks and other scripts', () => {
  const rows = [['crs_1', 'Physics, "I"\nand II', 12], ['crs_2', 'פיזיקה', 0]];
  expect(parse(csvOf(['id', 'title', 'bytes'], rows), { bom: true })).toEqual([['id', 'title', 'bytes'], ['crs_1', 'Physics, "I"\nand II', '12'], ['crs_2', 'פיזיקה', '0']]);
});

it('A CSV file quotes a text with the separator of another country', () => {
  expect(csvOf(['title'], [['Ana;=1+1']])).toContain('"Ana;=1+1"');
});

it('A CSV file holds no text that a spreadsheet takes for a formula', () => {
  for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\n=1', '\uff1d1']) expect(parse(csvOf(['title'], [[formula]]), { bom: true })[1]).toEqual([`'${formula}`]);
});
