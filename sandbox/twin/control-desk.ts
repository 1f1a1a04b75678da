import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Control } from './control.js';
import { ControlRefusal } from './control.js';
import { memberChangeSchema, newRoomSchema, seatChangeSchema } from './control-words.js';
import { faultRuleSchema } from './faults.js';
import { parsedJson, whenRead } from './request-body.js';

interface Visit {
  readonly control: Control;
  /** Room id of the path, decoded; empty where the path names none. */
  readonly roomId: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** Every route of the control API: method, path (`:id` stands for a room id) and what it does. */
const routes: Readonly<Record<string, (visit: Visit) => unknown>> = {
  'POST /twin/rooms': ({ control, body }) => {
    control.createRooms(read(listOf(newRoomSchema), body));
  },
  'GET /twin/rooms': ({ control, query }) => control.rooms(number(query, 'offset')),
  'GET /twin/rooms/:id': ({ control, roomId, query }) => control.room(roomId, number(query, 'sdkAppId')),
  'DELETE /twin/rooms/:id': ({ control, roomId, query }) => {
    control.destroyRoom(roomId, number(query, 'sdkAppId'));
  },
  'POST /twin/rooms/:id/members': ({ control, roomId, query, body }) =>
    control.changeMembers(roomId, read(memberChangeSchema, body), number(query, 'sdkAppId')),
  'POST /twin/rooms/:id/seats': ({ control, roomId, query, body }) =>
    control.changeSeats(roomId, read(listOf(seatChangeSchema), body), number(query, 'sdkAppId')),
  'GET /twin/faults': ({ control }) => control.faults(),
  'POST /twin/faults': ({ control, body }) => {
    control.addFaults(read(listOf(faultRuleSchema), body));
  },
  'DELETE /twin/faults': ({ control }) => {
    control.clearFaults();
  },
  'POST /twin/options': ({ control, body }) => {
    control.changeOptions(body);
  },
  'GET /twin/calls': ({ control, query }) => control.calls(number(query, 'since')),
  'GET /twin/effects': ({ control, query }) => control.effects(number(query, 'since')),
  'GET /twin/stats': ({ control }) => control.stats(),
  'POST /twin/reset': ({ control }) => {
    control.reset();
  },
};

/** Answers one call of the control API: JSON, no signature; 204 where there is nothing to say. */
export function controlDesk(control: Control): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    whenRead(request, (text) => {
      try {
        send(response, visit(control, request, text));
      } catch (error) {
        const status = error instanceof ControlRefusal ? error.status : 400;
        send(response, { error: error instanceof Error ? error.message : 'unknown' }, status);
      }
    });
  };
}

function visit(control: Control, request: IncomingMessage, text: string): unknown {
  const url = new URL(request.url ?? '', 'http://twin');
  const [, , first = '', id, ...rest] = url.pathname.split('/');
  const path = ['/twin', first, ...(id === undefined ? [] : [':id']), ...rest].join('/');
  const route = routes[`${request.method ?? ''} ${path}`];
  if (route === undefined) throw new ControlRefusal(404, `The twin knows: ${Object.keys(routes).join(', ')}`);
  return route({
    control,
    roomId: decodeURIComponent(id ?? ''),
    query: url.searchParams,
    body: parsedJson(text),
  });
}

function send(response: ServerResponse, answer: unknown, status = answer === undefined ? 204 : 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(answer === undefined ? undefined : JSON.stringify(answer));
}

/** One, or a list of them. */
function listOf<T>(schema: z.ZodType<T>): z.ZodType<T[]> {
  return z.preprocess((value) => (Array.isArray(value) ? (value as unknown[]) : [value]), z.array(schema));
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ControlRefusal(400, z.prettifyError(result.error));
}

function number(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null ? undefined : read(z.coerce.number().int().min(0), text);
}
