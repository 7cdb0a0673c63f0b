import { call } from '../../api/client';
import type {
  Application,
  ApplicationCollection,
  ApplicationSecret,
  ApplicationToCreate,
  ApplicationToUpdate,
  CreatedApplication,
  SigningKeyCollection,
  User,
  UserCollection,
  UserReset,
  UserToCreate,
  UserToUpdate,
  UserWithSecrets,
} from '../../api/types';

const ROOT = '/clientele/v1';

export const settingsKeys = {
  applications: ['settings', 'applications'] as const,
  users: ['settings', 'users'] as const,
  keys: ['settings', 'keys'] as const,
};

/** A secret of an application that keeps one: the service takes so many, to exchange one without a pause. */
export const SECRETS_MAX = 2;

const read = async <T>(path: string, signal: AbortSignal) => (await call<T>(`${ROOT}/${path}`, { signal })).body;

export const fetchApplications = async (signal: AbortSignal) => (await read<ApplicationCollection>('applications', signal)).items;
export const fetchUsers = async (signal: AbortSignal) => (await read<UserCollection>('users', signal)).items;
export const fetchKeys = async (signal: AbortSignal) => (await read<SigningKeyCollection>('keys', signal)).items;

const write = async <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, requestId: string, body?: unknown) =>
  (await call<T>(`${ROOT}/${path}`, { method, requestId, ...(body !== undefined && { body }) })).body;

export const createApplication = (application: ApplicationToCreate, requestId: string) =>
  write<CreatedApplication>('POST', 'applications', requestId, application);
export const updateApplication = (id: string, change: ApplicationToUpdate, requestId: string) =>
  write<Application>('PATCH', `applications/${id}`, requestId, change);
export const deleteApplication = (id: string, requestId: string) => write<undefined>('DELETE', `applications/${id}`, requestId);
export const addSecret = (id: string, requestId: string) => write<ApplicationSecret>('POST', `applications/${id}/secrets`, requestId);
export const deleteSecret = (id: string, secret: string, requestId: string) =>
  write<undefined>('DELETE', `applications/${id}/secrets/${secret}`, requestId);

export const createUser = (user: UserToCreate, requestId: string) => write<UserWithSecrets>('POST', 'users', requestId, user);
export const updateUser = (id: string, change: UserToUpdate, requestId: string) => write<User>('PATCH', `users/${id}`, requestId, change);
export const resetUser = (id: string, reset: UserReset, requestId: string) =>
  write<UserWithSecrets>('POST', `users/${id}/reset`, requestId, reset);
export const deleteUser = (id: string, requestId: string) => write<undefined>('DELETE', `users/${id}`, requestId);
