import {
  CheckRequest,
  type CheckResponse,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  PropertyDiff,
  ReadRequest,
  type ReadResponse,
  UpdateRequest,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { fromWire, type Properties, toWire } from "../../infra/provider/wire";
import type { Plugin } from "./plugin";

export const URN = "urn:pulumi:test::shop::ory:index:IdentityConfig::shop";

/** A resource in an engine's state. */
export interface State {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

/** Drives one resource through a plugin as an engine does. */
export class Resource {
  constructor(
    private readonly plugin: Plugin,
    readonly urn = URN,
  ) {}

  async check(news: Properties): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new CheckRequest();
    request.setUrn(this.urn);
    request.setNews(toWire(news));
    const response = await this.plugin.call<CheckRequest, CheckResponse>("check", request);
    return {
      inputs: fromWire(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.getReason()),
    };
  }

  async diff(
    old: State,
    news: Properties,
  ): Promise<{ changed: boolean; paths: Record<string, string>; replaces: string[] }> {
    const request = new DiffRequest();
    request.setUrn(this.urn);
    request.setId(old.id);
    request.setOlds(toWire(old.outputs));
    request.setOldInputs(toWire(old.inputs));
    request.setNews(toWire(news));
    const response = await this.plugin.call<DiffRequest, DiffResponse>("diff", request);
    const kinds = Object.entries(PropertyDiff.Kind);
    const paths = [...response.getDetaileddiffMap().entries()] as [string, PropertyDiff][];
    return {
      changed: response.getChanges() === DiffResponse.DiffChanges.DIFF_SOME,
      paths: Object.fromEntries(
        paths.map(([path, diff]) => [path, kinds.find(([, kind]) => kind === diff.getKind())![0]]),
      ),
      replaces: response.getReplacesList(),
    };
  }

  async create(inputs: Properties, preview = false): Promise<State> {
    const request = new CreateRequest();
    request.setUrn(this.urn);
    request.setProperties(toWire(inputs));
    request.setPreview(preview);
    const response = await this.plugin.call<CreateRequest, CreateResponse>("create", request);
    return { id: response.getId(), inputs, outputs: fromWire(response.getProperties()) };
  }

  async update(old: State, inputs: Properties, preview = false): Promise<State> {
    const request = new UpdateRequest();
    request.setUrn(this.urn);
    request.setId(old.id);
    request.setOlds(toWire(old.outputs));
    request.setOldInputs(toWire(old.inputs));
    request.setNews(toWire(inputs));
    request.setPreview(preview);
    const response = await this.plugin.call<UpdateRequest, UpdateResponse>("update", request);
    return { id: old.id, inputs, outputs: fromWire(response.getProperties()) };
  }

  async read(old: State): Promise<State> {
    const request = new ReadRequest();
    request.setUrn(this.urn);
    request.setId(old.id);
    request.setProperties(toWire(old.outputs));
    request.setInputs(toWire(old.inputs));
    const response = await this.plugin.call<ReadRequest, ReadResponse>("read", request);
    return {
      id: response.getId(),
      inputs: fromWire(response.getInputs()),
      outputs: fromWire(response.getProperties()),
    };
  }

  async delete(old: State): Promise<void> {
    const request = new DeleteRequest();
    request.setUrn(this.urn);
    request.setId(old.id);
    request.setProperties(toWire(old.outputs));
    request.setOldInputs(toWire(old.inputs));
    await this.plugin.call("delete", request);
  }
}
