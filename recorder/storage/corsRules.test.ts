import { expect, it } from 'vitest';
import { corsRuleFor, withCorsRule } from './corsRules.ts';

const uploads = { ID: 'uploads', AllowedOrigins: ['https://upload.example.org'], AllowedMethods: ['PUT'] };
const ours = corsRuleFor('https://lectern.example.org');

it('adds its rule after those of others, and replaces an earlier one of its own', () => {
  expect(withCorsRule([], ours)).toEqual([ours]);
  expect(withCorsRule([uploads], ours)).toEqual([uploads, ours]);
  expect(withCorsRule([corsRuleFor('https://old.example.org'), uploads], ours)).toEqual([uploads, ours]);
});

it('changes nothing where its rule is there, also when the server has dropped the id and the order', () => {
  expect(withCorsRule([uploads, ours], ours)).toBeUndefined();
  const { ID: _, ...anonymous } = ours;
  expect(withCorsRule([{ ...anonymous, AllowedMethods: ['HEAD', 'GET'] }], ours)).toBeUndefined();
});

it('allows one origin', () => {
  expect(ours.AllowedOrigins).toEqual(['https://lectern.example.org']);
});
