import * as z from 'zod';
import { Instant } from '#engine/contract';
import { maxDownloadTokenLength } from './limits.ts';
import { Download, route } from './route.ts';

/** A download of everything that is stored about a person. */
export const PersonalExport = z.object({
  state: z.enum(['waiting', 'running', 'ready', 'failed']),
  requestedAt: Instant,
  progress: z.number().min(0).max(1),
  bytes: z.number().int().nullable().describe('Of the ZIP; null before it is ready.'),
  expiresAt: Instant.nullable().describe('When the ZIP is removed; null before it is ready.'),
  url: z.string().nullable().describe('The path of the ZIP. It works for five minutes, while the login is open; get it again for a new one.'),
});
export type PersonalExport = z.infer<typeof PersonalExport>;

const path = '/api/v1/users/export';
const response = z.object({ export: PersonalExport.nullable() });

export const personalRoutes = {
  getExport: route({ method: 'GET', path, response, auth: 'user', summary: 'Get the download of everything that is stored about you; null when you have not asked for one, or it has expired.' }),
  requestExport: route({
    method: 'POST',
    path,
    response,
    status: 201,
    auth: 'user',
    summary: 'Ask for a ZIP of everything that is stored about you. A job makes it; a mail says when it is ready.',
  }),
  downloadExport: route({
    method: 'GET',
    path: `${path}/:token`,
    params: z.object({ token: z.string().min(1).max(maxDownloadTokenLength) }),
    response: Download,
    download: { mediaTypes: ['application/zip'] },
    auth: 'none',
    summary: 'The ZIP of the `url` of your export. The token in it is the permission: a link has no other.',
  }),
};
