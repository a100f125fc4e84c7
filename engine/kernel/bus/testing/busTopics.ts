import * as z from 'zod';
import { endpoint, topic } from '../Bus.ts';

export const numbers = topic('test.numbers', z.int());
export const texts = topic('test.texts', z.string());
export const doubling = endpoint('test.double', { request: z.int(), response: z.int() });
