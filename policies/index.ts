import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "./policy";
import { rules } from "./rules";

new PolicyPack("ory", { policies: rules.flatMap(policiesOf) });
