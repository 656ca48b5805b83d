"""Requests and answers of the sync interface, for the OpenAPI description."""

from __future__ import annotations

from rest_framework import serializers


class ItemSerializer(serializers.Serializer):
    """One record on its way."""

    id = serializers.UUIDField()
    sha256 = serializers.CharField(help_text="SHA-256 of body in UTF-8, hexadecimal")
    body = serializers.CharField(help_text="The record as canonical JSON text, at most 64 KB")


class BatchSerializer(serializers.Serializer):
    """Up to 20 records."""

    records = ItemSerializer(many=True)


class ResultSerializer(serializers.Serializer):
    """What became of one record."""

    id = serializers.CharField()
    result = serializers.ChoiceField(["stored", "already", "conflict", "held", "bad_hash", "error"])
    sha256 = serializers.CharField()
    sentence = serializers.CharField()
    reference = serializers.CharField()


class ReceiptSerializer(serializers.Serializer):
    """The answer to a batch, one result per record, in order."""

    server_now = serializers.DateTimeField()
    results = ResultSerializer(many=True)


class PhotoReceiptSerializer(serializers.Serializer):
    """What is here of a photo."""

    id = serializers.UUIDField()
    complete = serializers.BooleanField()
    sha256 = serializers.CharField()
    parts = serializers.ListField(child=serializers.IntegerField())


class PairsSerializer(serializers.Serializer):
    """[id, sha256] of records and of photos."""

    records = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    photos = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class DifferencesSerializer(serializers.Serializer):
    """What the server is missing."""

    records = serializers.ListField(child=serializers.CharField())
    photos = serializers.ListField(child=serializers.CharField())
    received = serializers.IntegerField()


class SessionPersonSerializer(serializers.Serializer):
    """Who is signed in."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    may_walk = serializers.BooleanField()
    territories = serializers.ListField(child=serializers.IntegerField())


class SessionSerializer(serializers.Serializer):
    """Who am I, on which tablet, what time is it."""

    person = SessionPersonSerializer(allow_null=True)
    device = serializers.UUIDField(allow_null=True)
    revoked = serializers.BooleanField()
    csrf = serializers.CharField()
    server_now = serializers.DateTimeField()
    oldest_app = serializers.IntegerField()


class EnrolledSerializer(serializers.Serializer):
    """The tablet as it is called here from now on."""

    device = serializers.UUIDField()
    server_now = serializers.DateTimeField()


class EnrolmentSerializer(serializers.Serializer):
    """The tablet as it calls itself."""

    device = serializers.UUIDField()
    label = serializers.CharField(required=False)
