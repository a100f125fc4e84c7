export { isNetwork, OutboundPolicy } from './OutboundPolicy.ts';
export type { CheckedAddress, OutboundPolicyOptions } from './OutboundPolicy.ts';
export { outboundRequest } from './outboundRequest.ts';
export type { OutboundRequest, OutboundResponse } from './outboundRequest.ts';
