import type { Express, NextFunction, Request, Response } from 'express';
import { CodedError } from '#engine/contract';
import type { CalendarFeeds } from '../calendar/index.ts';
import { feedMaxAgeSeconds } from '../learningLimits.ts';

/** Answers calendar programs, which know a feed by its URL alone: no cookie and no header identifies them. */
export type CalendarService = Pick<CalendarFeeds, 'respond'>;

/** `originOf`: of the pages that the events of a feed link to. */
export function mountCalendars(app: Express, calendars: CalendarService, originOf: (request: Request) => string): void {
  app.get('/api/v1/calendars/:file', async (request: Request, response: Response, next: NextFunction) => {
    try {
      const token = /^([0-9a-z]+)\.ics$/.exec(String(request.params.file))?.[1];
      if (token === undefined) throw new CodedError('route.unknown', 'A calendar link ends with .ics.');
      const { etag, body } = await calendars.respond({ token, ifNoneMatch: request.get('if-none-match'), baseUrl: originOf(request) });
      response.setHeader('ETag', etag);
      response.setHeader('Cache-Control', `private, max-age=${feedMaxAgeSeconds}`);
      response.setHeader('Content-Type', 'text/calendar; charset=utf-8');
      response.setHeader('Content-Disposition', 'inline; filename="lectern.ics"');
      response.status(body === undefined ? 304 : 200).end(request.method === 'HEAD' ? undefined : body);
    } catch (error) {
      next(error);
    }
  });
}
