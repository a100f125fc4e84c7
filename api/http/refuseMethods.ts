import type { NextFunction, Request, Response } from 'express';
import { CodedError } from '#engine/contract';
import type { RouteSpec } from '../contract/index.ts';

interface KnownPath {
  pattern: RegExp;
  parameters: number;
  methods: Set<string>;
}

/**
 * Answers a known path with another method by 405 and `Allow` (RFC 9110 §15.5.6), and `OPTIONS` by 204 and `Allow`. Of the paths
 * that match, the one with the fewest parameters counts: `/courses/catalogue` before `/courses/:courseId`.
 */
export function refuseMethods(specs: readonly Pick<RouteSpec, 'method' | 'path' | 'aliases'>[]) {
  const paths = knownPaths(specs);
  return (request: Request, response: Response, next: NextFunction): void => {
    const known = paths.find(({ pattern }) => pattern.test(request.path));
    if (!known || known.methods.has(request.method)) return next();
    const allow = [...known.methods, 'OPTIONS'].join(', ');
    response.setHeader('Allow', allow);
    if (request.method === 'OPTIONS') response.status(204).end();
    else next(new CodedError('method.notAllowed', `This address takes ${allow}.`));
  };
}

function knownPaths(specs: readonly Pick<RouteSpec, 'method' | 'path' | 'aliases'>[]): KnownPath[] {
  const byShape = new Map<string, KnownPath>();
  for (const { method, path, aliases = [] } of specs) {
    for (const each of [path, ...aliases]) {
      const shape = each.replace(/[.]/g, String.raw`\.`).replace(/:\w+/g, '[^/]+');
      const known = byShape.get(shape) ?? { pattern: new RegExp(`^${shape}/?$`, 'i'), parameters: (each.match(/:/g) ?? []).length, methods: new Set() };
      known.methods.add(method);
      if (method === 'GET') known.methods.add('HEAD');
      byShape.set(shape, known);
    }
  }
  return [...byShape.values()].sort((a, b) => a.parameters - b.parameters);
}
