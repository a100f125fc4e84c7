import { expect, it } from 'vitest';
import { mongoServers, unjudged } from './mongoServers.ts';

it('every conformance test but those on a list is judged by one server at least', () => {
  const [first = [], ...others] = mongoServers.map(({ cannotJudge }) => Object.keys(cannotJudge));
  expect(first.filter((title) => others.every((titles) => titles.includes(title)))).toEqual(unjudged);
});
