import * as z from 'zod';
import { route } from './route.ts';

export const siteRoutes = {
  getSite: route({
    method: 'GET',
    path: '/api/v1/site',
    response: z.object({ sendsMail: z.boolean().describe('False: links to verify addresses and to set new passwords are printed in the log of the server.') }),
    auth: 'none',
    summary: 'What this site offers to everybody.',
  }),
};
