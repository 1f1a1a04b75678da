import { z } from 'zod';
import type { Cause } from '../journal.js';
import type { TwinOptions } from '../options.js';
import { codes } from '../codes.js';
import type { TwinRoom } from '../room.js';
import type { TwinRooms } from '../rooms.js';

/** What a command comes to. */
export interface Result {
  readonly code: number;
  /** Replaces the usual text of the code. */
  readonly text?: string;
  /** Payload of a read. */
  readonly response?: object;
}

/** What a command may look at and change while it is executed. */
export interface Scene {
  readonly sdkAppId: number;
  /** The administrator that calls. */
  readonly caller: string;
  readonly rooms: TwinRooms;
  readonly options: TwinOptions;
  readonly cause: Cause;
  /** Moment that reads of seats show, microseconds; null: now. */
  readonly asOf: number | null;
}

/** A body that has been checked: what it concerns (as faults name it), and what executing it does. */
export interface PreparedCommand {
  readonly roomId: string | null;
  readonly memberAccount: string | null;
  readonly execute: (scene: Scene) => Result;
}

/** One command of the API: its name with its service, and how a body becomes something that can be executed. */
export interface Command {
  readonly name: string;
  /** A text: why the body is refused with 100002. */
  readonly prepare: (body: object) => PreparedCommand | string;
}

const target = z.object({
  RoomId: z.string().nullable().catch(null),
  Member_Account: z.string().nullable().catch(null),
});

/** A command from the schema of its body and what it does. */
export function command<Body>(
  name: string,
  schema: z.ZodType<Body>,
  execute: (body: Body, scene: Scene) => Result,
): Command {
  return {
    name,
    prepare: (raw) => {
      const body = schema.safeParse(raw);
      if (!body.success) return z.prettifyError(body.error).replaceAll('\n', ' ');
      const { RoomId, Member_Account } = target.parse(raw);
      return {
        roomId: RoomId,
        memberAccount: Member_Account,
        execute: (scene) => execute(body.data, scene),
      };
    },
  };
}

/** A command that needs its room to exist, as most do. */
export function roomCommand<Body extends { readonly RoomId: string }>(
  name: string,
  schema: z.ZodType<Body>,
  execute: (body: Body, scene: Scene & { readonly room: TwinRoom }) => Result,
): Command {
  return command(name, schema, (body, scene) => {
    const room = scene.rooms.find(scene.sdkAppId, body.RoomId);
    return room === undefined ? { code: codes.noSuchRoom } : execute(body, { ...scene, room });
  });
}

/** The id of a room that should exist. */
export const roomId = z.string().min(1);

/** Text of so many bytes at most. */
export function textOfBytes(most: number): z.ZodString {
  return z
    .string()
    .refine((text) => Buffer.byteLength(text) <= most, { message: `must be at most ${most} bytes` });
}

/** An account id. Accounts are not imported into the twin, so any will do. */
export const account = textOfBytes(32).min(1);

/** Nothing to say but that it went well. */
export const success: Result = { code: codes.ok };
