"""Lines that programs are known to write: the cause of each failure, and what sound ones say.

The words are those of the issues that users opened about them, and of the programs' sources.
"""

from __future__ import annotations

PING = (
    "The primary container for production variant AllTraffic did not pass the ping health check. "
    "Please check CloudWatch logs for this endpoint."
)
# Cause, who says it, what is said.
SAID = [
    (
        "gated-model",
        "huggingface_hub",
        "huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1-66f4)",
    ),
    (
        "gated-model",
        "huggingface_hub",
        "Access to model org/name is restricted. You must have access to it and be authenticated",
    ),
    ("gated-model", "transformers", "OSError: You are trying to access a gated repo."),
    (
        "gated-model",
        "staging",
        "error: org/name needs a token: accept its licence at https://huggingface.co/org/name, "
        "set HF_TOKEN",
    ),
    (
        "gated-model",
        "staging",
        "error: HF_TOKEN may not read org/name: accept its licence at https://huggingface.co/",
    ),
    (
        "hub-refuses",
        "huggingface_hub",
        "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://hugging",
    ),
    ("hub-refuses", "huggingface_hub", "Invalid username or password."),
    (
        "model-not-found",
        "huggingface_hub",
        "huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error. (Request ID: Root=1-6)",
    ),
    (
        "model-not-found",
        "transformers",
        "OSError: a/b is not a local folder and is not a valid model identifier listed on 'https:",
    ),
    (
        "model-not-found",
        "staging",
        "error: org/name is not there, or private: check the name at https://huggingface.co/a/b",
    ),
    ("model-not-found", "staging", "error: org/name has no revision 'v9': see https://huggingfac"),
    ("no-way-to-the-hub", "python", "[Errno -2] Name or service not known: 'huggingface.co'"),
    (
        "no-way-to-the-hub",
        "transformers",
        "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't",
    ),
    (
        "no-way-to-the-hub",
        "pip",
        "WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by "
        "'NewConnectionError: Failed to establish a new connection: [Errno -3] Temporary failure",
    ),
    (
        "disk-full",
        "TGI",
        'Error while downloading: Os { code: 28, kind: StorageFull, message: "No space left on '
        'device" }',
    ),
    (
        "disk-full",
        "toolkit",
        "OSError: [Errno 28] No space left on device: '/opt/ml/model/pytorch_model-00001.bin' -> "
        "'/.sagemaker/mms/models/model/pytorch_model-00001.bin'",
    ),
    (
        "disk-full",
        "huggingface_hub",
        "UserWarning: Not enough free disk space to download the file. The expected file size is",
    ),
    (
        "driver-mismatch",
        "SageMaker",
        "CannotStartContainerError. Please ensure the model container for variant AllTraffic "
        "starts correctly when invoked with 'docker run <image> serve'",
    ),
    (
        "driver-mismatch",
        "Docker",
        "nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update",
    ),
    (
        "driver-mismatch",
        "PyTorch",
        "RuntimeError: The NVIDIA driver on your system is too old (found version 12040)",
    ),
    (
        "shards-do-not-divide",
        "TGI",
        "ValueError: `num_heads` must be divisible by `num_shards` (got `num_heads`: 71 and "
        "`num_shards`: 2",
    ),
    (
        "shards-do-not-divide",
        "TGI",
        "AssertionError: The choosen size 50432 is not compatible with sharding on 3 shards",
    ),
    ("shards-do-not-divide", "TGI", "    assert in_features % self.tp_world_size == 0"),
    ("shards-do-not-divide", "TGI", "AssertionError: Each process is one gpu"),
    (
        "shards-do-not-divide",
        "vLLM",
        "ValueError: Total number of attention heads (28) must be divisible by tensor parallel "
        "size (8).",
    ),
    (
        "shards-do-not-divide",
        "vLLM",
        "  Value error, World size (4) is larger than the number of available GPUs (1) in this "
        "node.",
    ),
    (
        "shards-do-not-divide",
        "LMI",
        "ValueError: GPU devices are not enough to run 8 partitions.",
    ),
    (
        "context-does-not-fit",
        "vLLM",
        "ValueError: The model's max seq len (32768) is larger than the maximum number of tokens "
        "that can be stored in KV cache (7344).",
    ),
    (
        "context-does-not-fit",
        "vLLM",
        "ValueError: To serve at least one request with the models's max seq len (131072), (4.54 "
        "GiB KV cache is needed, which is larger than the available KV cache memory (1.71 GiB).",
    ),
    (
        "context-does-not-fit",
        "vLLM",
        "ValueError: No available memory for the cache blocks. Try increasing",
    ),
    (
        "context-does-not-fit",
        "vLLM",
        "ValueError: Free memory on device (59.32/79.15 GiB) on startup is less than desired GPU "
        "memory utilization (0.9, 71.24 GiB).",
    ),
    (
        "context-does-not-fit",
        "SGLang",
        "RuntimeError: Not enough memory. Please try to increase --mem-fraction-static.",
    ),
    (
        "context-does-not-fit",
        "TGI",
        "RuntimeError: Not enough memory to handle 4096 prefill tokens. You need to decrease",
    ),
    (
        "context-does-not-fit",
        "llama.cpp",
        "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 35533.34 MiB on device 0: "
        "cudaMalloc failed: out of memory",
    ),
    (
        "context-does-not-fit",
        "TEI",
        'Could not start backend: DriverError(CUDA_ERROR_OUT_OF_MEMORY, "out of memory")',
    ),
    (
        "context-does-not-fit",
        "PyTorch",
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
    ),
    (
        "host-memory-too-small",
        "TGI",
        "ERROR text_generation_launcher: Shard process was signaled to shutdown with signal 9",
    ),
    (
        "host-memory-too-small",
        "gunicorn",
        "[ERROR] Worker (pid:23) was sent SIGKILL! Perhaps out of memory?",
    ),
    (
        "remote-code",
        "transformers",
        "ValueError: Loading /opt/ml/model requires you to execute the configuration file in that "
        "repo on your local machine. Make sure you have read the code there to avoid malicious "
        "use, then set the option `trust_remote_code=True` to remove this error.",
    ),
    (
        "remote-code",
        "transformers",
        "The repository for org/name contains custom code which must be executed to correctly "
        "load the model.",
    ),
    (
        "remote-code",
        "vLLM",
        "RuntimeError: Failed to load the model config. If the model is a custom model not yet "
        "available in the HuggingFace transformers library, consider setting "
        "`trust_remote_code=True` in LLM or using the `--trust-remote-code` flag in the CLI.",
    ),
    (
        "limits-contradict",
        "vLLM",
        "  Value error, User-specified max_model_len (65536) is greater than the derived "
        "max_model_len (max_position_embeddings=32768.0 or model_max_length=None in model's",
    ),
    ("limits-contradict", "TGI", "`max_input_tokens` must be < `max_total_tokens`"),
    (
        "limits-contradict",
        "TGI",
        "`max_batch_prefill_tokens` must be >= `max_input_length`. Given: 4096 and 4874",
    ),
    ("unknown-option", "vLLM", "vllm: error: unrecognized arguments: --max-modle-len 4096"),
    (
        "unknown-option",
        "vLLM",
        "api_server.py: error: argument --dtype: invalid choice: 'float' (choose from 'auto',",
    ),
    ("unknown-option", "TGI", "error: unexpected argument '--num-shards' found"),
    (
        "unknown-option",
        "TGI",
        "error: invalid value 'int8' for '--quantize <QUANTIZE>'",
    ),
    (
        "task-missing",
        "toolkit",
        "mms.service.PredictionException: You need to define one of the following "
        "['audio-classification', 'automatic-speech-recognition', 'text-to-audio', "
        "'feature-extraction', 'text-classification', 'token-classification', "
        "'question-answering', 'table-question-answering', 'visual-question-answering', "
        "'fill-mask', 'summarization', 'translation'] or text-to-image as env 'HF_TASK'. : 403",
    ),
    (
        "task-missing",
        "toolkit",
        "ValueError: Task couldn't be inferenced from XLMRobertaModel.Inference Toolkit can only",
    ),
    (
        "requirements-fail",
        "pip",
        "ERROR: No matching distribution found for flash-atn==2.8",
    ),
    (
        "requirements-fail",
        "staging",
        "error: requirements.txt: einops==9 has no wheel for Python 3.12 on linux",
    ),
    (
        "handler-missing",
        "toolkit",
        "[INFO ] W-model-1-stdout com.amazonaws.ml.mms.wlm.WorkerLifeCycle - "
        "ModuleNotFoundError: No module named 'einops'",
    ),
    (
        "handler-missing",
        "LMI",
        "[WARN ] PyProcess - W-222-0dc4f4f9-stderr: ImportError: cannot import name 'Cache' from",
    ),
    (
        "files-misplaced",
        "toolkit",
        "OSError: /.sagemaker/mms/models/model does not appear to have a file named config.json.",
    ),
    (
        "files-misplaced",
        "toolkit",
        "Can't load config for '/.sagemaker/mms/models/model'. Make sure that:",
    ),
    (
        "files-misplaced",
        "vLLM",
        "  Value error, Invalid repository ID or local directory specified: '/opt/ml/model'.",
    ),
    (
        "files-misplaced",
        "SageMaker",
        'Failed to extract model data archive for container "container_1" from URL "s3://b/a"',
    ),
    (
        "model-data-missing",
        "SageMaker",
        "Could not access model data at s3://models/a/. Please ensure that the role",
    ),
    (
        "model-data-missing",
        "SageMaker",
        'Failed to download model data for container "container_1" from URL: "s3://b/a". Please '
        "ensure that there is an object located at the URL and that the role has permissions",
    ),
    (
        "image-missing",
        "SageMaker",
        "Please make sure all images included in the model for the production variant AllTraffic "
        "exist, and that the execution role used to create the model has permissions to access "
        "them.",
    ),
    (
        "image-missing",
        "SageMaker",
        "Requested image 123456789012.dkr.ecr.us-west-2.amazonaws.com/own:1 not found.",
    ),
    ("image-missing", "ECR", "The repository with name 'vllm' does not exist in the registry"),
    (
        "no-rights",
        "IAM",
        "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: "
        "kms:Decrypt on resource",
    ),
    ("no-rights", "STS", "Could not assume role arn:aws:iam::123456789012:role/serve."),
    (
        "no-quota",
        "SageMaker",
        "The account-level service limit 'ml.g5.xlarge for endpoint usage' is 0 Instances, with "
        "current utilization of 0 Instances and a request delta of 1 Instances. (Service: "
        "AmazonSageMaker; Status Code: 400; Error Code: ResourceLimitExceeded)",
    ),
    (
        "no-capacity",
        "SageMaker",
        "CapacityError: Unable to provision requested ML compute capacity. Please retry using a "
        "different ML instance type.",
    ),
    (
        "no-capacity",
        "EC2",
        "EC2InsufficientCapacityError: Instance type 'ml.g5.48xlarge' is temporarily unavailable "
        "in supported availability zones [euw1-az1].",
    ),
    (
        "does-not-answer",
        "smoke test",
        "endpoint chat is in service, but does not answer as expected: status 400; asked {}",
    ),
    ("too-slow", "SageMaker", PING),
]
# What engines that serve well say, mistakes among it that they live with.
SOUND = [
    "INFO:     Uvicorn running on http://0.0.0.0:8080",
    "Loading safetensors checkpoint shards: 100% Completed | 4/4",
    '"GET /ping HTTP/1.1" 200 OK',
    "Downloading model.safetensors: 100%|##########| 4.98G/4.98G",
    "Using pad_token, but it is not set yet.",
    "GPU KV cache size: 123,456 tokens",
    'INFO text_generation_launcher: Args { model_id: "a/b", revision: None, sharded: None, '
    "num_shard: Some(4), quantize: None, trust_remote_code: false, max_input_tokens: Some(1024),",
    "    trust_remote_code: false,",
    "INFO text_generation_launcher: Parsing num_shard from CUDA_VISIBLE_DEVICES/NVIDIA_VISIBLE",
    "WARN text_generation_launcher: `trust_remote_code` is set. Trusting that model `a/b` do not "
    "contain malicious code.",
    "The argument `trust_remote_code` is to be used with Auto classes. It has no effect here and "
    "is ignored.",
    "INFO 08-28 11:33:17 [utils.py:326] non-default args: {'model': '/opt/ml/model', "
    "'trust_remote_code': True, 'tensor_parallel_size': 4, 'max_model_len': 4096}",
    "INFO 02-27 [model.py:1549] Using max model len 32768",
    "2023-02-01T15:49:59,832 [INFO ] W-9000-model com.amazonaws.ml.mms.wlm.WorkerThread - Backend "
    "response time: 1",
    "Maximum number of tokens per request: 128",
]
