import * as z from 'zod';
import { CourseId, Instant, RecordId } from '#engine/contract';
import { CourseParams } from './courses.ts';
import { maxWebhookUrlLength, webhookEventTypes } from './limits.ts';
import { nothing, route } from './route.ts';

export const WebhookEventType = z.enum(webhookEventTypes);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

const WebhookUrl = z.url({ protocol: /^https?$/, error: 'Enter an address that begins with https.' }).max(maxWebhookUrlLength, `At most ${maxWebhookUrlLength} characters.`);
const Events = z.array(WebhookEventType).min(1, 'At least one event.').max(webhookEventTypes.length);

/** An address that is notified of events, as its owner sees it. */
export const Webhook = z.object({
  id: RecordId,
  courseId: CourseId.nullable().describe('Null: the events of all courses.'),
  url: z.string(),
  events: z.array(WebhookEventType),
  isEnabled: z.boolean(),
  disabledBecause: z.enum(['failures', 'rights']).nullable().describe('`failures`: too many deliveries in a row have failed. `rights`: the person who made it may not any more.'),
  createdAt: Instant,
});
export type Webhook = z.infer<typeof Webhook>;

export const WebhookDelivery = z.object({
  id: RecordId,
  eventType: z.enum([...webhookEventTypes, 'webhook.test']),
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.number().int(),
  lastStatus: z.number().int().nullable().describe('The status of the last response; null without one.'),
  lastError: z.string().nullable(),
  lastAttemptAt: Instant.nullable(),
  createdAt: Instant,
  payload: z.string().describe('What is sent: JSON.'),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

const NewWebhook = z.object({ url: WebhookUrl, events: Events });
const WebhookChange = z.object({ url: WebhookUrl.optional(), events: Events.optional(), isEnabled: z.boolean().optional() });
const Created = z.object({ webhook: Webhook, secret: z.string().describe('`whsec_…`, for checking the signature (Standard Webhooks). It is shown once.') });
const Page = z.object({ after: z.string().max(60).optional().describe('`next` of the page before.') });
const Deliveries = z.object({ deliveries: z.array(WebhookDelivery).describe('Newest first.'), next: z.string().nullable() });
const OfSite = z.object({ webhookId: RecordId });
const OfCourse = CourseParams.extend({ webhookId: RecordId });
const DeliveryId = { deliveryId: RecordId };

const inCourse = '/api/v1/courses/:courseId/webhooks';
const onSite = '/api/v1/webhooks';

/** Webhooks of a course, for its owner. */
export const courseWebhookRoutes = {
  listCourseWebhooks: route({ method: 'GET', path: inCourse, params: CourseParams, response: z.object({ webhooks: z.array(Webhook) }), auth: 'user', summary: 'List the webhooks of a course.' }),
  createCourseWebhook: route({ method: 'POST', path: inCourse, params: CourseParams, body: NewWebhook, response: Created, status: 201, auth: 'user', summary: 'Notify an address of the events of a course.' }),
  updateCourseWebhook: route({ method: 'PUT', path: `${inCourse}/:webhookId`, params: OfCourse, body: WebhookChange, response: Webhook, auth: 'user', summary: 'Change a webhook of a course, or enable it again.' }),
  deleteCourseWebhook: route({ method: 'DELETE', path: `${inCourse}/:webhookId`, params: OfCourse, response: nothing, status: 204, auth: 'user', summary: 'Delete a webhook of a course with its deliveries.' }),
  testCourseWebhook: route({ method: 'POST', path: `${inCourse}/:webhookId/test`, params: OfCourse, response: WebhookDelivery, status: 201, auth: 'user', summary: 'Send a test event to a webhook of a course.' }),
  listCourseWebhookDeliveries: route({ method: 'GET', path: `${inCourse}/:webhookId/deliveries`, params: OfCourse, query: Page, response: Deliveries, auth: 'user', summary: 'List what was sent to a webhook of a course in the last two weeks.' }),
  resendCourseWebhookDelivery: route({ method: 'POST', path: `${inCourse}/:webhookId/deliveries/:deliveryId/resend`, params: OfCourse.extend(DeliveryId), response: WebhookDelivery, auth: 'user', summary: 'Send an event to a webhook of a course again, with its id of before.' }),
};

/** Webhooks of the site, for administrators. */
export const siteWebhookRoutes = {
  listSiteWebhooks: route({ method: 'GET', path: onSite, response: z.object({ webhooks: z.array(Webhook) }), auth: 'admin', summary: 'List the webhooks of the site.' }),
  createSiteWebhook: route({ method: 'POST', path: onSite, body: NewWebhook, response: Created, status: 201, auth: 'admin', summary: 'Notify an address of the events of all courses.' }),
  updateSiteWebhook: route({ method: 'PUT', path: `${onSite}/:webhookId`, params: OfSite, body: WebhookChange, response: Webhook, auth: 'admin', summary: 'Change a webhook of the site, or enable it again.' }),
  deleteSiteWebhook: route({ method: 'DELETE', path: `${onSite}/:webhookId`, params: OfSite, response: nothing, status: 204, auth: 'admin', summary: 'Delete a webhook of the site with its deliveries.' }),
  testSiteWebhook: route({ method: 'POST', path: `${onSite}/:webhookId/test`, params: OfSite, response: WebhookDelivery, status: 201, auth: 'admin', summary: 'Send a test event to a webhook of the site.' }),
  listSiteWebhookDeliveries: route({ method: 'GET', path: `${onSite}/:webhookId/deliveries`, params: OfSite, query: Page, response: Deliveries, auth: 'admin', summary: 'List what was sent to a webhook of the site in the last two weeks.' }),
  resendSiteWebhookDelivery: route({ method: 'POST', path: `${onSite}/:webhookId/deliveries/:deliveryId/resend`, params: OfSite.extend(DeliveryId), response: WebhookDelivery, auth: 'admin', summary: 'Send an event to a webhook of the site again, with its id of before.' }),
};
