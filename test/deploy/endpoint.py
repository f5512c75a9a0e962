"""Starts the AWS-compatible endpoint, with what it does otherwise than AWS put right where that takes a few lines.

Its places were looked up in the version that requirements.txt pins.
"""

import contextvars
import json
import os
from email.utils import parseaddr

import ministack.core.iam_actions as iam_actions
import ministack.core.iam_evaluator as iam_evaluator
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.scheduler as scheduler

# Schedules are looked at every 10 s: so often, the second of a post would be a matter of luck.
scheduler._SCHEDULE_TICK_INTERVAL = float(os.environ["TICK_SECONDS"])

# The policies of queues and buckets refuse what comes without TLS. On loopback there is none.
_pin = iam_evaluator.pin_request_origin
iam_evaluator.pin_request_origin = lambda address, _tls: _pin(address, True)

# Condition keys that it does not fill in when it asks whether a role may do what a request wants.
_keys = contextvars.ContextVar("condition_keys", default={})


def _condition_keys(service, wish):
    if service == "kms":
        context = wish.get("EncryptionContext") or {}
        return {f"kms:encryptioncontext:{name.lower()}": value for name, value in context.items()}
    if service == "ses" and "FromEmailAddress" in wish:
        return {"ses:fromaddress": _sender(wish)}
    return {}


def _sender(wish):
    # Without the name that may stand before it.
    return parseaddr(wish["FromEmailAddress"])[1]


_resource = iam_actions.extract_resource_arn


def _resource_arn(service, method, path, headers, body, query_params, region, account_id):
    arn = _resource(service, method, path, headers, body, query_params, region, account_id)
    if service not in ("kms", "ses", "scheduler"):
        _keys.set({})
        return arn
    try:
        wish = json.loads(body or b"{}")
    except ValueError:
        wish = {}
    _keys.set(_condition_keys(service, wish))
    # A mail is sent by an identity, which is the address or its domain; here it is the address.
    if service == "ses" and "FromEmailAddress" in wish:
        return f"arn:aws:ses:{region}:{account_id}:identity/{_sender(wish)}"
    # It takes every schedule for one of the group "default".
    group = wish.get("GroupName") or query_params.get("groupName", ["default"])
    group = group[0] if isinstance(group, list) else group
    return arn.replace(":schedule/default/", f":schedule/{group}/")


iam_actions.extract_resource_arn = _resource_arn

_enforce = iam_evaluator.enforce


def _enforce_with_keys(*arguments, service_context=None, **more):
    return _enforce(*arguments, service_context={**(service_context or {}), **_keys.get()}, **more)


iam_evaluator.enforce = _enforce_with_keys

# It refuses alarms over an expression. It raises none of them anyway, so it is given their first metric.
_alarm = provisioners._cw_metric_alarm_record


def _alarm_record(name, properties):
    metrics = properties.get("Metrics")
    if not metrics:
        return _alarm(name, properties)
    stat = next(one["MetricStat"] for one in metrics if "MetricStat" in one)
    plain = {key: value for key, value in properties.items() if key != "Metrics"}
    return _alarm(name, {**plain, **stat["Metric"], "Period": stat["Period"]})


provisioners._cw_metric_alarm_record = _alarm_record

from ministack.app import main  # noqa: E402

main()
