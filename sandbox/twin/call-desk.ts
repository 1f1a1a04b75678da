import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Form } from './answer.js';
import { envelope, newRequestId, sendHalf, sendHtml, sendJson, withBareNumbers } from './answer.js';
import type { CallAddress } from './call-address.js';
import { readAddress } from './call-address.js';
import type { CheckedCall } from './call-check.js';
import { checkCall } from './call-check.js';
import { planCall } from './call-plan.js';
import { epochMs, micros } from './clock.js';
import { codes } from './codes.js';
import type { Result } from './commands/command.js';
import type { Fault } from './faults.js';
import type { CallRecord } from './journal.js';
import { parsedJson, whenRead } from './request-body.js';
import type { TwinState } from './state.js';

interface OpenCall {
  readonly record: CallRecord;
  readonly address: CallAddress;
  readonly response: ServerResponse;
}

/** Takes the calls of Tencent's API, from arrival to answer. */
export class CallDesk {
  constructor(private readonly state: TwinState) {}

  /**
   * The story of one call. It arrives when its headers have been parsed, which Node does in the very turn that reads
   * their bytes: the stamp is taken first, the work waits until all readable sockets have been stamped.
   */
  receive(request: IncomingMessage, response: ServerResponse): void {
    const arrivedMicros = micros();
    const arrivedAt = epochMs();
    const address = readAddress(request.method ?? '', request.url ?? '');
    const { sdkAppId } = address;
    const command = address.command?.name ?? null;
    const overLimit = this.state.meter.arrive(sdkAppId, command, arrivedMicros, this.state.options);
    const known = { arrivedAt, arrivedMicros, command, sdkAppId, overLimit, requestId: newRequestId() };
    const record = this.state.journal.calls.add((n) => ({ n, ...known, ...nothingYet }));
    const call = { record, address, response };
    this.hold(call);
    whenRead(request, (text) => {
      this.answer(call, text);
    });
  }

  private hold({ response }: OpenCall): void {
    const cut = (): void => {
      response.destroy();
    };
    this.state.open.add(cut);
    response.on('close', () => this.state.open.delete(cut));
  }

  private answer(call: OpenCall, text: string): void {
    const { record, address } = call;
    const latencyMs = this.state.drawLatencyMs();
    const body = parsedJson(text);
    record.body = body ?? null;
    const checked: CheckedCall = record.overLimit
      ? { kind: 'refused', code: codes.overLimit }
      : checkCall(address, body, this.state.options);
    if (checked.kind === 'sound') {
      this.perform(call, checked, latencyMs);
      return;
    }
    this.state.delays.after(latencyMs, () => {
      this.deliver(call, { as: 'envelope' }, checked);
    });
  }

  private perform(call: OpenCall, sound: CheckedCall & { kind: 'sound' }, latencyMs: number): void {
    const { sdkAppId, command, prepared } = sound;
    const { roomId, memberAccount } = prepared;
    const fault = this.state.faults.next({ sdkAppId, command, roomId, memberAccount });
    call.record.fault = fault?.kind ?? null;
    const plan = planCall(fault, latencyMs);
    const { executeAfterMs: execution, deliverAfterMs: delivery } = plan;
    const deliverAfter = (ms: number, result: Result): void => {
      this.state.delays.after(ms, () => {
        this.deliver(call, plan.form, result);
      });
    };
    // The answer follows the execution, unless the caller is cut off before; two timers alone could swap under load.
    const follows = execution !== null && delivery !== null && delivery >= execution;
    if (delivery !== null && !follows) deliverAfter(delivery, { code: codes.ok });
    if (execution === null) return;
    this.state.delays.after(execution, () => {
      const result = this.execute(call, sound, fault);
      if (follows) deliverAfter(delivery - execution, result);
    });
  }

  private execute(
    { record, address }: OpenCall,
    sound: CheckedCall & { kind: 'sound' },
    fault: Fault | null,
  ): Result {
    const { rooms, options } = this.state;
    const stalenessMs = fault?.kind === 'stale-read' ? fault.stalenessMs : options.stalenessMs;
    record.executedAt = epochMs();
    const result = sound.prepared.execute({
      sdkAppId: sound.sdkAppId,
      caller: address.identifier,
      rooms,
      options,
      cause: { by: sound.command, call: record.n },
      asOf: stalenessMs === 0 ? null : micros() - stalenessMs * 1000,
    });
    record.resultCode = result.code;
    return result;
  }

  private deliver(call: OpenCall, form: Form, result: Result): void {
    const { record, response } = call;
    if (response.destroyed) return; // The caller has given up and hears nothing.
    if (form.as === 'cut') {
      response.destroy();
      return;
    }
    record.answeredAt = epochMs();
    record.httpStatus = form.as === 'html' ? form.status : 200;
    if (form.as === 'html') sendHtml(response, form.status);
    else if (form.as === 'truncated') sendHalf(response, this.written(record, result, false), form.cut);
    else {
      const told = form.code === undefined ? result : { code: form.code };
      record.answerCode = told.code;
      sendJson(response, this.written(record, told, form.fail === true));
    }
  }

  private written(record: CallRecord, result: Result, fail: boolean): string {
    const json = JSON.stringify(envelope(result, record.requestId, fail));
    return this.state.options.digitAccountsAsNumbers ? withBareNumbers(json) : json;
  }
}

const nothingYet = {
  body: null,
  fault: null,
  executedAt: null,
  resultCode: null,
  answeredAt: null,
  httpStatus: null,
  answerCode: null,
};
