/** Signals and queries between a session, its turns and its clients, typed once for all of them. */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import {
  CANCEL_MESSAGE_SIGNAL,
  CLOSE_SIGNAL,
  MESSAGE_SIGNAL,
  MESSAGES_TAKEN_SIGNAL,
  PROGRESS_QUERY,
  STEER_SIGNAL,
  TURN_ENDED_SIGNAL,
  TURNS_QUERY,
} from './names.js';
import type {
  CancelMessage,
  MessagesTaken,
  SessionMessage,
  SessionProgress,
  SessionTurn,
  SteerMessage,
  TurnReport,
} from './session.js';

export const messageSignal = defineSignal<[SessionMessage]>(MESSAGE_SIGNAL);
export const cancelMessageSignal = defineSignal<[CancelMessage]>(CANCEL_MESSAGE_SIGNAL);
export const closeSignal = defineSignal(CLOSE_SIGNAL);
export const messagesTakenSignal = defineSignal<[MessagesTaken]>(MESSAGES_TAKEN_SIGNAL);
export const turnEndedSignal = defineSignal<[TurnReport]>(TURN_ENDED_SIGNAL);
export const steerSignal = defineSignal<[SteerMessage]>(STEER_SIGNAL);
export const sessionProgressQuery = defineQuery<SessionProgress>(PROGRESS_QUERY);
export const sessionTurnsQuery = defineQuery<readonly SessionTurn[]>(TURNS_QUERY);
