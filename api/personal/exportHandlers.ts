import type { Handlers } from '../access/index.ts';
import type { personalRoutes } from '../contract/index.ts';
import type { Exports } from './Exports.ts';

export function exportHandlers({ exports }: { exports: Exports }): Handlers<keyof typeof personalRoutes> {
  return {
    getExport: async ({ caller }) => ({ export: await exports.view(caller) }),
    downloadExport: async ({ params }) => exports.open(params.token),
    requestExport: async ({ caller }) => ({ export: await exports.request(caller) }),
  };
}
