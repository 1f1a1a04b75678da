import { claimingContract } from './claiming.contract.js';
import { mirrorContract } from './mirror.contract.js';
import { recordingContract } from './recording.contract.js';
import type { RecordsUnderTest } from './records-under-test.js';
import { settlingContract } from './settling.contract.js';

/** What every `SeatRecords` does. */
export function seatRecordsContract(open: () => Promise<RecordsUnderTest>): void {
  describe('find and record', () => {
    recordingContract(open);
  });
  describe('claim', () => {
    claimingContract(open);
  });
  describe('release and settle', () => {
    settlingContract(open);
  });
  describe('the mirror', () => {
    mirrorContract(open);
  });
}
