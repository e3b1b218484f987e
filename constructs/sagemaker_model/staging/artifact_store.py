"""Where staged weights live."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct, IDependable

from sagemaker_model.staging.compliance import acknowledge_bucket

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

TAG_KEY = "staging"
TAG_VALUE = "unfinished"
DEFAULT_ID = "SageMakerModelArtifacts"
"""Id of the store that a stack makes by itself, and that is deleted with it."""
RETAINED_ID = "SageMakerModelRetainedArtifacts"
"""Id of the store that a stack makes by itself for weights that are to stay."""
_DAYS = 7


class ArtifactStore(Construct):
    """Keep staged weights in a bucket that outlives the endpoints.

    Put it into a stack of its own: the weights then stay where they are when an endpoint's stack
    is rolled back or deleted, and a second try goes on where the first one stopped.

    Its own bucket is encrypted, open to nobody, reached by TLS alone, and not versioned: a staged
    file is never overwritten (the prefix says what it holds), can be fetched again, and is so
    large that a copy of each deleted one would be the larger part of the bill. What a build left
    unfinished, which a tag says, is deleted after 7 days.

    Args:
        scope: The construct it belongs to.
        id: Its name in *scope*.
        bucket: A bucket of yours, in the Region of the models. It is used as it is: see that it
            has a rule that expires objects with the tag ``staging=unfinished``.
            Default: a new one.
        prefix: What all keys in *bucket* begin with, such as ``"models/"``. Default: nothing.
        encryption_key: Key that the objects are encrypted with. Default: *bucket*'s own; a new
            bucket has S3's.
        server_access_logs_bucket: Bucket that the new bucket's access log is written to.
            Default: none is written.
        removal_policy: What becomes of a new bucket when its stack is deleted:
            ``RemovalPolicy.DESTROY`` empties and deletes it. Default: it stays.

    Raises:
        ValueError: *prefix* does not end with a slash, or an argument makes no sense for a bucket
            of yours.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's name
        *,
        bucket: s3.IBucket | None = None,
        prefix: str = "",
        encryption_key: kms.IKey | None = None,
        server_access_logs_bucket: s3.IBucket | None = None,
        removal_policy: RemovalPolicy | None = None,
    ) -> None:
        _check_prefix(prefix)
        if bucket is not None and (server_access_logs_bucket or removal_policy):
            raise ValueError(
                "server_access_logs_bucket and removal_policy are about a new bucket, but bucket "
                "is given; set them where that bucket is made"
            )
        super().__init__(scope, id)
        self._prefix = prefix
        if bucket is None:
            acknowledge_bucket(self)
        destroyed = removal_policy is RemovalPolicy.DESTROY
        self._bucket = (
            bucket
            if bucket is not None
            else _make_bucket(self, encryption_key, server_access_logs_bucket, destroyed=destroyed)
        )
        self._key = encryption_key if encryption_key is not None else self._bucket.encryption_key
        self._bucket_name, self._bucket_arn = self._bucket.bucket_name, self._bucket.bucket_arn
        self._guards = tuple(_guards(self, self._bucket, destroyed=destroyed))

    @staticmethod
    def of(scope: Construct, *, retained: bool = False) -> ArtifactStore:
        """Return the store that the stack of *scope* makes by itself.

        Args:
            scope: A construct of the stack.
            retained: Whether the store stays when the stack is deleted; there is one of each kind.
                Default: it is emptied and deleted with the stack.
        """
        stack = Stack.of(scope)
        stores = _DEFAULTS.setdefault(stack, {})
        if retained not in stores:
            policy = RemovalPolicy.RETAIN if retained else RemovalPolicy.DESTROY
            id_ = RETAINED_ID if retained else DEFAULT_ID
            stores[retained] = ArtifactStore(stack, id_, removal_policy=policy)
        return stores[retained]

    @property
    def bucket(self) -> s3.IBucket:
        """The bucket."""
        return self._bucket

    @property
    def prefix(self) -> str:
        """What all keys begin with; empty, or ending with a slash."""
        return self._prefix

    @property
    def encryption_key(self) -> kms.IKey | None:
        """The key of the objects; None where S3's own encrypts them."""
        return self._key

    @property
    def bucket_name(self) -> str:
        """Name of the bucket."""
        return self._bucket_name

    @property
    def bucket_arn(self) -> str:
        """ARN of the bucket."""
        return self._bucket_arn

    @property
    def guards(self) -> tuple[IDependable, ...]:
        """What must be there as long as files are staged: the bucket's policy, its emptying."""
        return self._guards

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody read what is staged, such as ``iam.AccountPrincipal("111122223333")``.

        That account's ``Weights.from_staged(…)`` lets its own roles do the rest.

        Args:
            grantee: Whom; another account needs a bucket, and a key, that this app makes.
        """
        return self._bucket.grant_read(grantee, f"{self._prefix}*")


_DEFAULTS: WeakKeyDictionary[Stack, dict[bool, ArtifactStore]] = WeakKeyDictionary()


def _check_prefix(prefix: str) -> None:
    if prefix and (not prefix.endswith("/") or prefix.startswith("/") or "//" in prefix):
        raise ValueError(
            f"prefix must be empty or end with '/', such as 'models/', and not begin with '/', "
            f"got {prefix!r}"
        )


def _make_bucket(
    scope: Construct,
    key: kms.IKey | None,
    logs: s3.IBucket | None,
    *,
    destroyed: bool,
) -> s3.IBucket:
    from aws_cdk import aws_s3 as s3

    return s3.Bucket(  # pyright: ignore[reportReturnType]
        scope,
        "Bucket",
        encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
        encryption_key=key,
        bucket_key_enabled=True if key else None,
        enforce_ssl=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        server_access_logs_bucket=logs,
        removal_policy=RemovalPolicy.DESTROY if destroyed else RemovalPolicy.RETAIN,
        lifecycle_rules=[
            s3.LifecycleRule(
                id="unfinished-files",
                tag_filters={TAG_KEY: TAG_VALUE},
                expiration=Duration.days(_DAYS),
            ),
            s3.LifecycleRule(
                id="unfinished-uploads",
                abort_incomplete_multipart_upload_after=Duration.days(_DAYS),
            ),
        ],
    )


def _guards(scope: Construct, bucket: s3.IBucket, *, destroyed: bool) -> Iterator[IDependable]:
    """Give what must be there before files are staged, and go after they are deleted."""
    from sagemaker_model.staging.provider import StagingProvider

    if bucket.policy is not None:
        yield bucket.policy
    if destroyed:
        # CloudFormation deletes no bucket that has files in it.
        yield StagingProvider.of(scope).empty_on_deletion(scope, bucket)
