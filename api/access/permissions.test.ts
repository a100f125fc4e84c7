import { expect, it } from 'vitest';
import { exampleOf } from '#engine/kernel';
import type { Named } from '#engine/kernel';
import { routeAccess } from './routeAccess.ts';
import { routes } from '../contract/index.ts';
import type { Problem, RouteName, RouteSpec } from '../contract/index.ts';
import { startSharedTestApi } from '../testing/index.ts';
import { exchangeRequest } from '../testing/matrix/exchangeRequest.ts';
import { expectedOutcome, outcomeOf } from '../testing/matrix/expectedOutcome.ts';
import { makeMatrixWorld, subjects, targets } from '../testing/matrix/matrixWorld.ts';
import type { MatrixWorld, Person, Subject, Target } from '../testing/matrix/matrixWorld.ts';
import { renderPermissions } from '../testing/matrix/renderPermissions.ts';
import { forEveryAccount, ownRules, routeExamples } from '../testing/matrix/routeExamples.ts';

/** Limits of frequency have tests of their own; here one caller makes thousands of calls. */
const unlimited = { open: () => ({ take: async () => ({ isAllowed: true }) as const, giveBack: async () => undefined }) };

const site = await startSharedTestApi({ limiters: unlimited });
let world: MatrixWorld | undefined;

const names = Object.keys(routes) as RouteName[];
/** What the routes of the API answered, each with one subject and one target. */
let cells = 0;

interface Cell {
  name: RouteName;
  subject: Subject;
  target: Target;
}

interface Answer {
  status: number;
  code: Problem['code'] | undefined;
  text: string;
}

/** A request with the ids of the target in its path and its body. */
function requestOf(name: RouteName, named: Named): { path: string; init: RequestInit & { headers: Record<string, string> } } {
  const spec: RouteSpec = routes[name];
  const chosen = routeExamples[name] ?? {};
  const params = spec.params ? (exampleOf(spec.params, named, chosen) as Record<string, string>) : {};
  const query = spec.query ? new URLSearchParams(exampleOf(spec.query, spec.exchange ? named : {}, chosen) as Record<string, string>).toString() : '';
  const path = spec.path.replace(/:(\w+)/g, (_, field: string) => encodeURIComponent(params[field] ?? ''));
  const { method } = spec;
  if (spec.exchange) return { path: query === '' ? path : `${path}?${query}`, init: exchangeRequest(spec, spec.body && (exampleOf(spec.body, named, chosen) as Record<string, string>)) };
  const init: RequestInit & { headers: Record<string, string> } = spec.body ? { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(exampleOf(spec.body, named, chosen) ?? {}) } : { method, headers: {} };
  return { path: query === '' ? path : `${path}?${query}`, init };
}

async function call({ name, subject, target }: Cell): Promise<Answer> {
  world ??= await makeMatrixWorld(site);
  const { path, init } = requestOf(name, world.named[target]);
  const { token } = world.people[subject];
  const response = await fetch(`${site.url}${path}`, { ...init, headers: token === undefined ? init.headers : { ...init.headers, authorization: `Bearer ${token}` } });
  const text = await response.text();
  // What a call has changed must not decide about the next one.
  if (response.ok && init.method !== 'GET') world = undefined;
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  return { status: response.status, code: isProblem && text !== '' ? (JSON.parse(text) as Problem).code : undefined, text };
}

/** What is wrong with the answer to one call; undefined if it is as the table says. */
async function wrongWith(cell: Cell): Promise<string | undefined> {
  const { name, subject, target } = cell;
  const { people } = (world ??= await makeMatrixWorld(site));
  const answer = await call(cell);
  cells += 1;
  const problem = refusalProblem(cell, { answer, person: people[subject] }) ?? successProblem(cell, answer);
  return problem && `${name} as ${subject}, with ${target} ids: ${problem} The answer was ${answer.status} ${answer.text.slice(0, 200)}`;
}

function refusalProblem({ name, subject, target }: Cell, { answer: { status, code }, person }: { answer: Answer; person: Person }): string | undefined {
  if (status >= 500) return 'The server failed.';
  if (code === 'request.invalid') return 'The example is not valid. Add one to routeExamples in api/testing/matrix/routeExamples.ts.';
  const expected = ownRules[name]?.({ subject, target }) ?? expectedOutcome(name, person, target);
  // Of what does not exist, nobody learns whose it would be.
  if (target === 'missing' && status === 404 && expected !== 'unknown') return undefined;
  if (routes[name].auth === 'none' && expected === 'passed') return undefined;
  const outcome = outcomeOf(status, code);
  if (outcome === expected) return undefined;
  return `The table says ${expected}, and the caller was ${outcome}. If the handler refuses by itself, let routeAccess say so, or explain its rule in ownRules (routeExamples.ts).`;
}

function successProblem({ name, target }: Cell, { status }: Answer): string | undefined {
  if (status >= 300) return undefined;
  if (target === 'missing' && paramsOf(name).length > 0) return 'It succeeded with what does not exist.';
  return isOfAnother(name) ? 'An account got at what belongs to another. If it is for every account, add it to forEveryAccount (routeExamples.ts).' : undefined;
}

function paramsOf(name: RouteName): string[] {
  return Object.keys((routes[name] as RouteSpec).params?.shape ?? {});
}

/** The path names something outside of courses, and every account may call the route: each for its own things. */
function isOfAnother(name: RouteName): boolean {
  const isOwn = routes[name].auth === 'user' && routeAccess[name] === 'account' && !forEveryAccount.has(name);
  return isOwn && paramsOf(name).some((field) => field !== 'courseId');
}

/** A call names something where its path or its body has an id. */
function targetsOf(name: RouteName): readonly Target[] {
  const spec: RouteSpec = routes[name];
  const isAbout = spec.path.includes(':') || routeAccess[name] !== 'account';
  return isAbout ? targets : ['own'];
}

it('PERMISSIONS.md lists what the tables allow (to update it: npx vitest run --project unit api/access/permissions -u)', async () => {
  await expect(renderPermissions()).toMatchFileSnapshot('../PERMISSIONS.md');
});

it.each(names)('%s answers everyone as the table of permissions says', async (name) => {
  const wrong: string[] = [];
  for (const target of targetsOf(name)) {
    for (const subject of subjects) {
      const problem = await wrongWith({ name, subject, target });
      if (problem !== undefined) wrong.push(problem);
    }
  }
  expect(wrong).toEqual([]);
});

it('every route was called by everyone', () => {
  const all = names.flatMap((name) => targetsOf(name)).length * subjects.length;
  expect(cells).toBe(all);
  process.stdout.write(`permissions: ${names.length} routes × ${subjects.length} callers × own, others' and missing ids: ${cells} cells\n`);
});
